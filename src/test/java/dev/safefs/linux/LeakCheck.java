package dev.safefs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves descriptors open. */
final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
  private Set<String> before = Set.of();

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    // What the JVM opens once for all: class files, the backend, the delegate.
    Machine.kernel().geteuid();
    Machine.handle(Path.of("/")).close();
    before = Machine.descriptors();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    assertThat(Machine.descriptors()).as("open descriptors").isSubsetOf(before);
  }
}

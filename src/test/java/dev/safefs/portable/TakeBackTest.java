package dev.safefs.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.LinkPolicy;
import dev.safefs.handle.Dir;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that was created and could not be given its permissions, or not be looked at. */
@Tag("D3")
class TakeBackTest {
  private static final String PERMISSIONS = "view.setPermissions";

  private final FileSystem fileSystem =
      Jimfs.newFileSystem(Configuration.unix().toBuilder().setAttributeViews("posix").build());
  private final List<String> failing = new ArrayList<>();
  private Runnable meanwhile = () -> {};
  private FilteringProvider provider;
  private Bench bench;

  @BeforeEach
  void open() throws IOException {
    Path root = Files.createDirectories(fileSystem.getPath("/work"));
    provider = new FilteringProvider(fileSystem.provider(), this::before);
    bench = Bench.over(root, provider, LinkPolicy.BENEATH);
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
    assertThat(provider.open()).isEmpty();
    fileSystem.close();
  }

  private void before(String call) throws FileSystemException {
    if (failing.remove(call)) {
      meanwhile.run();
      throw new FileSystemException("a", null, "failed");
    }
  }

  private void fail(String... calls) throws IOException {
    try (Dir dir = bench.dir()) {
      failing.addAll(List.of(calls));
      assertThatThrownBy(() -> dir.create(Bench.name("a"), 0600)).hasMessageContaining("failed");
      assertThat(failing).isEmpty();
    }
  }

  @Test
  @Tag("K3")
  void itIsRemoved() throws IOException {
    fail(PERMISSIONS);
    assertThat(bench.names()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "strange"})
  void whatAStrangerPutInItsPlaceStays(String content) throws IOException {
    meanwhile =
        () -> {
          try {
            Files.delete(bench.path("a"));
            bench.file("a", content);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        };
    fail(PERMISSIONS);
    assertThat(bench.content("a")).isEqualTo(content);
  }

  /** Nobody knows what it is. */
  @Test
  void whatCouldNotBeLookedAtStays() throws IOException {
    fail("view.readAttributes", "view.readAttributes");
    assertThat(bench.names()).containsExactly("a");
  }
}

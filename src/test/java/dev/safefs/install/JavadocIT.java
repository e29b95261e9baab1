package dev.safefs.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** What a release would find in the Javadoc of the exported package: it stops at a warning. */
@EnabledForJreRange(min = JRE.JAVA_22, disabledReason = "a release is made on Java 22 or later")
class JavadocIT {
  @TempDir Path work;

  @Test
  void javadocHasNothingToSay() throws Exception {
    Command command =
        Command.tool("javadoc")
            .with("-quiet", "-Xdoclint:all", "-Xdoclint/package:dev.safefs", "--release", "17")
            .with("--module-source-path", "dev.safefs=" + Path.of("provider/java").toAbsolutePath())
            .with("-d", work.toString(), "-p", Build.COMPILATION, "--module", "dev.safefs");

    Child child = Child.run(work, "", command.parts()).succeeded();

    assertThat(child.output() + child.errors()).isEmpty();
    assertThat(work.resolve("dev.safefs/dev/safefs/SafeFiles.html")).exists();
  }
}

package dev.safefs.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The self-contained jar as a program. */
class ExecutableJarIT {
  @TempDir Path work;

  private Child run(String... arguments) throws Exception {
    return Child.run(
        work,
        "",
        Command.java().with("-jar", Build.SELF_CONTAINED.toString()).with(arguments).parts());
  }

  @Test
  void versionIsThatOfTheManifest() throws Exception {
    Child child = run("--version").succeeded();
    try (JarFile jar = new JarFile(Build.SELF_CONTAINED.toFile())) {
      String version = jar.getManifest().getMainAttributes().getValue("Implementation-Version");
      assertThat(child.output()).isEqualTo("safefs " + version + "\n");
    }
    assertThat(child.errors()).isEmpty();
  }

  @Test
  void guaranteesOfADirectoryArePrinted() throws Exception {
    Child child = run("guarantees", ".").succeeded();
    assertThat(child.output().lines()).hasSizeGreaterThan(3);
    assertThat(child.errors()).isEmpty();
  }

  @Test
  void anUnknownCommandIsRefused() throws Exception {
    Child child = run("frobnicate");
    assertThat(child.exit()).isEqualTo(2);
    assertThat(child.errors()).contains("usage:");
  }

  @Test
  void theVersionOfAModuleIsThatOfTheManifest() throws Exception {
    List<String> command =
        Command.java()
            .with(
                "-p",
                Build.SELF_CONTAINED.toString(),
                "-m",
                "dev.safefs/dev.safefs.Main",
                "--version")
            .parts();
    assertThat(Child.run(work, "", command).succeeded().output()).matches("safefs \\d.*\n");
  }
}

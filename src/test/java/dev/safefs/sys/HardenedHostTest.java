package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Requirement;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Temporary directories that JNR cannot use: mounted noexec, or read-only. FFM needs none. */
@Tag("root")
class HardenedHostTest {
  private static final String PROBE = "dev.safefs.sys.LoadProbe";

  @TempDir Path temp;
  private Path mounted;
  private ChildJvm child;

  @BeforeEach
  void makeMountPoint() throws Exception {
    mounted = Files.createDirectory(temp.resolve("mounted"));
    child = new ChildJvm(temp);
  }

  @AfterEach
  void unmount() throws Exception {
    command("umount", mounted.toString());
  }

  private static int command(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private void mount(String options) throws Exception {
    int status = command("mount", "-t", "tmpfs", "-o", options, "none", mounted.toString());
    Requirement.present(status == 0, "the right to mount");
  }

  private String load(String backend, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(
        List.of("-cp", child.classes() + File.pathSeparator + ChildJvm.jffi(), PROBE, backend));
    return ChildJvm.run(arguments);
  }

  @Test
  void aNoexecExtractDirectoryIsNamed() throws Exception {
    mount("noexec");
    assertThat(load("jnr", "-Djffi.extract.dir=" + mounted))
        .contains("unavailable jnr: its native library did not load")
        .contains(mounted.toString())
        .contains("noexec")
        .contains("-Djffi.extract.dir=/path");
  }

  @Test
  void aReadOnlyExtractDirectoryIsNamed() throws Exception {
    mount("ro");
    assertThat(load("jnr", "-Djffi.extract.dir=" + mounted))
        .contains("unavailable jnr: its native library did not load")
        .contains(mounted.toString())
        .contains("-Djffi.extract.dir=/path");
  }

  /** jffi's own way out of a noexec or read-only temporary directory. */
  @Test
  void jffiFallsBackToTheWorkingDirectory() throws Exception {
    mount("noexec");
    Path working = Files.createDirectory(temp.resolve("working"));
    assertThat(load("jnr", "-Djava.io.tmpdir=" + mounted, "-Duser.dir=" + working))
        .contains("loaded ENOENT");
    command("mount", "-o", "remount,ro", mounted.toString());
    assertThat(load("jnr", "-Djava.io.tmpdir=" + mounted, "-Duser.dir=" + working))
        .contains("loaded ENOENT");
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_22)
  void ffmNeedsNoTemporaryDirectory() throws Exception {
    mount("ro,noexec");
    assertThat(load("ffm", "-Djava.io.tmpdir=" + mounted, "-Djffi.extract.dir=" + mounted))
        .contains("loaded ENOENT");
  }
}

package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every placement loads every backend, and every failure names its cause and its cure. */
@Tag("sys")
class SyscallsLoaderTest {
  private static final String PROBE = "dev.safefs.sys.LoadProbe";
  private static final String DENY = "--illegal-native-access=deny";

  @TempDir Path temp;
  private ChildJvm child;

  @BeforeEach
  void classes() throws IOException {
    child = new ChildJvm(temp);
  }

  @ParameterizedTest
  @MethodSource("dev.safefs.sys.Backends#names")
  void loadsFromTheClassPath(String backend) throws Exception {
    assertThat(run(backend, "-cp", classPath(), PROBE)).contains("loaded ENOENT");
  }

  @ParameterizedTest
  @MethodSource("dev.safefs.sys.Backends#names")
  void loadsFromTheModulePath(String backend) throws Exception {
    assertThat(runModule(backend)).contains("loaded ENOENT");
  }

  @ParameterizedTest
  @MethodSource("dev.safefs.sys.Backends#names")
  void loadsFromTheBootClassPath(String backend) throws Exception {
    assertThat(run(backend, "-Xbootclasspath/a:" + classPath(), PROBE)).contains("loaded ENOENT");
  }

  @ParameterizedTest
  @MethodSource("dev.safefs.sys.Backends#names")
  void loadsInsideTheFirstCallOfADefaultProvider(String backend) throws Exception {
    String provider =
        "-Djava.nio.file.spi.DefaultFileSystemProvider=dev.safefs.sys.LoadingProvider";
    String output = run(backend, provider, "-cp", classPath(), "dev.safefs.sys.LoadingProvider");
    assertThat(output).contains("loaded in a call, then served");
  }

  /** What could not be loaded once is lost for the whole program. */
  @ParameterizedTest
  @MethodSource("dev.safefs.sys.Backends#names")
  void anInterruptIsPutOffUntilItIsLoaded(String backend) throws Exception {
    String interrupted = "-D" + LoadProbe.INTERRUPTED + "=true";
    assertThat(run(backend, interrupted, "-cp", classPath(), PROBE))
        .contains("loaded ENOENT interrupted");
  }

  @Test
  void withoutAPropertyTheBestBackendIsOpened() {
    assertThatCode(SyscallsLoader::load).doesNotThrowAnyException();
  }

  @Test
  void anUnknownBackendIsRefused() {
    assertThatExceptionOfType(SyscallsUnavailableException.class)
        .isThrownBy(() -> SyscallsLoader.load("jni"))
        .withMessage("safefs.backend is 'jni'; it may be ffm or jnr, or left out");
  }

  @Test
  void anUnknownPlatformIsRefused() {
    assertThatExceptionOfType(SyscallsUnavailableException.class)
        .isThrownBy(() -> SyscallsLoader.checkPlatform("Mac OS X", "aarch64"))
        .withMessageContaining("need Linux");
    assertThatExceptionOfType(SyscallsUnavailableException.class)
        .isThrownBy(() -> SyscallsLoader.checkPlatform("Linux", "riscv64"))
        .withMessageContaining("known for amd64 and aarch64 only");
  }

  @Test
  void missingJnrClassesAreNamed() throws Exception {
    assertThat(run("jnr", "-cp", child.classes(), PROBE))
        .contains("unavailable jnr: its classes were not found")
        .contains("add jffi")
        .contains("--add-modules org.jnrproject.jffi");
  }

  @Test
  void aDirectoryThatCannotHoldTheLibraryIsNamed() throws Exception {
    String missing = temp.resolve("missing").toString();
    assertThat(run("jnr", "-Djffi.extract.dir=" + missing, "-cp", classPath(), PROBE))
        .contains("unavailable jnr: its native library did not load")
        .contains(missing)
        .contains("name another one by -Djffi.extract.dir=/path");
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_21)
  void ffmBeforeJava22SaysWhatItNeeds() {
    assertThatExceptionOfType(SyscallsUnavailableException.class)
        .isThrownBy(() -> SyscallsLoader.load("ffm"))
        .withMessageContaining("Java 22 or later");
  }

  @ParameterizedTest
  @MethodSource("dev.safefs.sys.Backends#names")
  @EnabledForJreRange(min = JRE.JAVA_24)
  void deniedNativeAccessNamesTheFlag(String backend) throws Exception {
    assertThat(run(backend, DENY, "-cp", classPath(), PROBE))
        .contains("unavailable " + backend)
        .contains("add --enable-native-access=ALL-UNNAMED");
    String module = backend.equals("ffm") ? "dev.safefs" : "org.jnrproject.jffi";
    assertThat(runModule(backend, DENY)).contains("add --enable-native-access=" + module);
    assertThat(runModule(backend, DENY, "--enable-native-access=" + module))
        .contains("loaded ENOENT");
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_24)
  void theFailuresOfAllBackendsAreTold() throws Exception {
    assertThat(run("", DENY, "-cp", child.classes(), PROBE))
        .contains("unavailable ffm: native access is denied")
        .contains("jnr: its classes were not found");
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_24)
  void jnrServesWhereFfmCannot() throws Exception {
    String onlyJffi = "--enable-native-access=org.jnrproject.jffi";
    assertThat(runModule("", DENY, onlyJffi)).contains("loaded ENOENT");
  }

  private String classPath() {
    return child.classes() + File.pathSeparator + ChildJvm.jffi();
  }

  private String runModule(String backend, String... options) throws Exception {
    String modulePath = child.module(temp) + File.pathSeparator + ChildJvm.jffi();
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--add-modules", "org.jnrproject.jffi", "-p", modulePath));
    arguments.addAll(List.of("-m", "dev.safefs/" + PROBE));
    return run(backend, arguments.toArray(String[]::new));
  }

  private static String run(String backend, String... arguments) throws Exception {
    List<String> all = new ArrayList<>();
    if (!backend.isEmpty()) {
      all.add("-D" + SyscallsLoader.BACKEND_PROPERTY + "=" + backend);
    }
    all.addAll(List.of(arguments));
    return ChildJvm.run(all);
  }
}

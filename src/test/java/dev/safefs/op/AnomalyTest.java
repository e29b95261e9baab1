package dev.safefs.op;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.InMemory;
import dev.safefs.SafeConfig;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.sys.Abi;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.StrikingSyscalls;
import dev.safefs.sys.Syscalls;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fails system call 1, 2, 3 … of each operation, and looks at what is left. */
@Tag("K3")
class AnomalyTest {
  private static final int MOST_CALLS = 400;
  private static final int[] ERRNOS = {Errno.EIO, Errno.EINTR};

  /**
   * What may have a name after an operation, whatever happened; first the old state, then the new
   * one.
   */
  private static final Map<String, Set<String>> CONTENTS =
      Map.of(
          "file", Set.of("FILE", "absent"),
          "other", Set.of("OTHER", "FILE"),
          "new", Set.of("absent", "FILE", "directory", "-> file", "-> elsewhere"),
          "empty", Set.of("directory", "FILE", "absent"),
          "link", Set.of("-> file", "-> elsewhere", "absent"));

  @TempDir(factory = InMemory.class)
  Path base;

  interface Operation {
    void run(Scene scene) throws IOException;
  }

  static Stream<String> operations() {
    return all().keySet().stream();
  }

  private static Map<String, Operation> all() {
    Map<String, Operation> all = new LinkedHashMap<>();
    all.put("move", scene -> scene.move("file", "new"));
    all.put("move, replace", scene -> scene.move("file", "other", REPLACE_EXISTING));
    all.put("move over a directory", scene -> scene.move("file", "empty", REPLACE_EXISTING));
    all.put("move a directory", scene -> scene.move("empty", "new"));
    all.put("copy", scene -> scene.copy("file", "new"));
    all.put(
        "copy with attributes, replace",
        scene -> scene.copy("file", "other", COPY_ATTRIBUTES, REPLACE_EXISTING));
    all.put("copy over a directory", scene -> scene.copy("file", "empty", REPLACE_EXISTING));
    all.put("copy a directory", scene -> scene.copy("empty", "new", COPY_ATTRIBUTES));
    all.put("copy a link", scene -> scene.copy("link", "new", COPY_ATTRIBUTES, NOFOLLOW_LINKS));
    all.put(
        "replace a link", scene -> Linker.replaceSymbolicLink(scene.place("link"), "elsewhere"));
    all.put(
        "swap a link",
        scene -> Linker.replaceSymbolicLink(scene.place("link"), "file", "elsewhere"));
    all.put("create a link", scene -> Linker.createLink(scene.place("new"), scene.place("file")));
    all.put(
        "delete if same",
        scene -> Deleter.deleteIfSame(scene.place("link"), key(scene.path("link"))));
    all.put("pin and move", scene -> pinAndMove(scene, "file"));
    all.put("pin and move a directory", scene -> pinAndMove(scene, "empty"));
    all.put(
        "copy a tree",
        scene ->
            TreeOps.copyTree(
                scene.place("empty"), scene.place("new"), CopyRequest.parse(), TreePlan.STOP));
    return all;
  }

  private static void pinAndMove(Scene scene, String name) throws IOException {
    try (Pin pin = Pin.open(scene.place(name), LinkMode.NOFOLLOW)) {
      pin.moveTo(scene.place("new"), MoveRequest.parse());
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aFailureLeavesOldOrNew(String operation) throws IOException {
    sweepThrough(operation, Scene.kernel());
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aFailureLeavesOldOrNewOnAnOldKernel(String operation) throws IOException {
    DenyingSyscalls old = new DenyingSyscalls(Scene.kernel()).deny(Errno.ENOSYS, "renameat2");
    sweepThrough(operation, old.syscalls());
  }

  /** As where there is no memory. What closes waits for it. */
  @ParameterizedTest
  @MethodSource("operations")
  void anErrorLeavesOldOrNew(String operation) throws IOException {
    for (int n = 1; n < MOST_CALLS; n++) {
      TracingSyscalls trace = new TracingSyscalls(Scene.kernel());
      StrikingSyscalls strikes =
          StrikingSyscalls.before(trace.syscalls(), n, AnomalyTest::error, "close");
      String what = operation + ", error before call " + n;
      Path dir = Files.createDirectory(base.resolve("error-" + n));
      plant(dir);
      try {
        run(what, all().get(operation), dir, strikes.syscalls());
      } catch (OutOfMemoryError e) {
        assertThat(e).as(what).hasMessage("played");
      }
      assertThat(opened(trace)).as(what + ": descriptors").isEqualTo(trace.count("close"));
      check(dir, what);
      if (!strikes.hit()) {
        break;
      }
    }
  }

  /**
   * The JVM has few objects for the failure of an allocation, and throws the last one again and
   * again.
   */
  @ParameterizedTest
  @MethodSource("operations")
  void anErrorThatComesAgainInTheCleanUpIsTheOneThatIsThrown(String operation) throws IOException {
    DenyingSyscalls bare =
        new DenyingSyscalls(Scene.kernel())
            .deny(Errno.ENOSYS, "renameat2")
            .deny(Errno.EPERM, "linkat");
    for (Syscalls sys : List.of(Scene.kernel(), bare.syscalls())) {
      boolean hit = true;
      for (int n = 1; hit; n++) {
        StrikingSyscalls strikes = sameErrorFromOn(sys, n);
        Path dir = Files.createTempDirectory(base, "again");
        plant(dir);
        String what = operation + ", errors from call " + n;
        try {
          run(what, all().get(operation), dir, strikes.syscalls());
        } catch (OutOfMemoryError | IllegalArgumentException e) {
          assertPlayed(what, e);
        }
        hit = strikes.hit();
      }
    }
  }

  static StrikingSyscalls sameErrorFromOn(Syscalls sys, int n) {
    OutOfMemoryError same = new OutOfMemoryError("played");
    return StrikingSyscalls.fromOn(sys, n, () -> raise(same), "close");
  }

  static void assertPlayed(String what, Throwable thrown) {
    assertThat(thrown).as(what).isInstanceOf(OutOfMemoryError.class).hasMessage("played");
  }

  private static void raise(Error error) {
    throw error;
  }

  private static void error() {
    throw new OutOfMemoryError("played");
  }

  private void sweepThrough(String operation, Syscalls sys) throws IOException {
    for (int errno : ERRNOS) {
      for (int n = 1; n < MOST_CALLS; n++) {
        TracingSyscalls trace = new TracingSyscalls(sys);
        FaultingSyscalls faults = FaultingSyscalls.once(trace.syscalls(), n, errno);
        String what = operation + ", call " + n + ", " + Errno.name(errno);
        Path dir = Files.createDirectory(base.resolve(errno + "-" + n));
        plant(dir);
        run(what, all().get(operation), dir, faults.syscalls());
        assertThat(opened(trace)).as(what + ": descriptors").isEqualTo(trace.count("close"));
        check(dir, what);
        if (!faults.hit()) {
          break;
        }
      }
    }
  }

  /** Counts the descriptors that calls returned; no channel of the JDK is opened here. */
  private static long opened(TracingSyscalls trace) {
    return trace.calls().stream()
        .filter(call -> call.result() >= 0)
        .filter(
            call ->
                call.name().startsWith("openat")
                    || (call.name().equals("fcntl")
                        && call.args().get(1).equals(Abi.F_DUPFD_CLOEXEC)))
        .count();
  }

  private static void run(String what, Operation operation, Path dir, Syscalls sys)
      throws IOException {
    try (Scene scene = Scene.confined(dir, sys, SafeConfig.confined())) {
      operation.run(scene);
    } catch (FileSystemException e) {
      // A failure is told by the exception NIO has for it, of a name the user knows.
      assertThat(e.getFile()).as(what).doesNotContain(".safefs-").isNotEqualTo("/");
    }
  }

  private static void plant(Path dir) throws IOException {
    Files.writeString(dir.resolve("file"), "FILE");
    Files.writeString(dir.resolve("other"), "OTHER");
    Files.createDirectory(dir.resolve("empty"));
    Files.createSymbolicLink(dir.resolve("link"), Path.of("file"));
  }

  private static void check(Path dir, String what) throws IOException {
    List<String> held = new ArrayList<>();
    for (Map.Entry<String, Set<String>> entry : CONTENTS.entrySet()) {
      String found = describe(dir.resolve(entry.getKey()));
      assertThat(entry.getValue()).as(what + ": " + entry.getKey()).contains(found);
      held.add(found);
    }
    assertThat(held).as(what + ": nothing lost").contains("FILE");
    try (Stream<Path> names = Files.list(dir)) {
      assertThat(names.map(name -> name.getFileName().toString()))
          .as(what + ": names")
          .isSubsetOf(CONTENTS.keySet());
    }
  }

  private static String describe(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "-> " + Files.readSymbolicLink(path);
    }
    return Files.isDirectory(path)
        ? "directory"
        : Files.exists(path) ? Files.readString(path) : "absent";
  }

  private static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey();
  }
}

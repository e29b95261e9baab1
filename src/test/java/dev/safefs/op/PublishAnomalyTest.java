package dev.safefs.op;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.InMemory;
import dev.safefs.SafeConfig;
import dev.safefs.SafeOpenOption;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.StrikingSyscalls;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fails system call 1, 2, 3 … of each way to write, once and for ever: old or new, no stray name,
 * no open descriptor.
 */
@Tag("K3")
class PublishAnomalyTest {
  private static final int MOST_CALLS = 400;
  private static final int[] ERRNOS = {
    Errno.EIO, Errno.ENOSPC, Errno.EDQUOT, Errno.EMFILE, Errno.EINTR, Errno.EAGAIN
  };
  private static final int[] FEW_ERRNOS = {Errno.EIO, Errno.EINTR};
  private static final SafeConfig CONFIG =
      SafeConfig.confined().with("durability", "FILE_AND_NAME");
  private static final String NEW = "NEW CONTENT";

  @TempDir(factory = InMemory.class)
  Path base;

  /** How often a fault strikes. */
  private enum Times {
    ONCE,
    FOR_EVER
  }

  interface Operation {
    void run(Scene scene) throws IOException;
  }

  static Stream<String> operations() {
    return all().keySet().stream();
  }

  private static Map<String, Operation> all() {
    Map<String, Operation> all = new LinkedHashMap<>();
    all.put("replace", scene -> write(scene, "file", WRITE, CREATE, TRUNCATE_EXISTING));
    all.put("create", scene -> write(scene, "new", WRITE, CREATE, TRUNCATE_EXISTING));
    all.put("write through", scene -> write(scene, "link", WRITE, TRUNCATE_EXISTING));
    all.put("create through", scene -> write(scene, "dangling", WRITE, CREATE, TRUNCATE_EXISTING));
    all.put("nofollow", scene -> write(scene, "file", WRITE, TRUNCATE_EXISTING, NOFOLLOW_LINKS));
    all.put("new in place", scene -> write(scene, "new", WRITE, CREATE_NEW));
    all.put(
        "publish new",
        scene -> write(scene, "new", WRITE, CREATE_NEW, SafeOpenOption.PUBLISH_ON_CLOSE));
    all.put("temporary", scene -> write(scene, "new", READ, WRITE, CREATE_NEW, DELETE_ON_CLOSE));
    all.put("force", PublishAnomalyTest::force);
    all.put("explicit", PublishAnomalyTest::explicit);
    all.put("batch", PublishAnomalyTest::batch);
    return all;
  }

  private static OpenRequest request(OpenOption... options) {
    return OpenRequest.parse(Set.of(options), CONFIG);
  }

  private static void write(Scene scene, String name, OpenOption... options) throws IOException {
    try (FileChannel channel = Opener.open(scene.place(name), request(options))) {
      channel.write(bytes());
    }
  }

  private static void force(Scene scene) throws IOException {
    try (FileChannel channel =
        Opener.open(scene.place("file"), request(WRITE, TRUNCATE_EXISTING))) {
      channel.write(bytes());
      channel.force(true);
    }
  }

  private static void explicit(Scene scene) throws IOException {
    try (PendingWrite write =
        PendingWrite.open(scene.place("file"), request(WRITE, CREATE, TRUNCATE_EXISTING))) {
      write.channel().write(bytes());
      write.commit();
    }
  }

  private static void batch(Scene scene) throws IOException {
    try (Batch batch = new Batch()) {
      batch
          .add(scene.place("file"), request(WRITE, CREATE, TRUNCATE_EXISTING))
          .channel()
          .write(bytes());
      batch
          .add(scene.place("new"), request(WRITE, CREATE, TRUNCATE_EXISTING))
          .channel()
          .write(bytes());
      Batch.Result result = batch.commit();
      result.check();
    }
  }

  private static ByteBuffer bytes() {
    return ByteBuffer.wrap(NEW.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aFaultLeavesOldOrNew(String operation) throws IOException {
    sweepThrough(operation, Scene.kernel(), 0700, ERRNOS);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aFaultLeavesOldOrNewWhereOthersMayWrite(String operation) throws IOException {
    sweepThrough(operation, Scene.kernel(), 0777, FEW_ERRNOS);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aFaultLeavesOldOrNewWithoutAnonymousFiles(String operation) throws IOException {
    DenyingSyscalls old = new DenyingSyscalls(Scene.kernel()).deny(Errno.EINVAL, "renameat2");
    sweepThrough(operation, PoorMount.withoutAnonymousFiles(old.syscalls()), 0700, FEW_ERRNOS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFaultLeavesNoDescriptorOfAnAnonymousFile(boolean isNameless) throws IOException {
    Syscalls sys = isNameless ? Scene.kernel() : PoorMount.withoutAnonymousFiles(Scene.kernel());
    boolean hit = true;
    for (int n = 1; hit; n++) {
      FaultingSyscalls faults = FaultingSyscalls.once(sys, n, Errno.EIO);
      Path dir = Files.createDirectory(base.resolve("anonymous" + n));
      plant(dir, 0700);
      List<String> before = descriptors();
      try (Scene scene = Scene.confined(dir, faults.syscalls(), CONFIG);
          Anonymous file = Anonymous.open(scene.place(""))) {
        file.channel().write(bytes());
        file.publish(scene.place("new"), CopyRequest.parse());
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("EIO");
      }
      String what = "call " + n;
      assertThat(descriptors()).as(what).isSubsetOf(before);
      check(dir, what, true, Times.ONCE);
      hit = faults.hit();
    }
  }

  /** The JVM may throw one object for each failed allocation, and for the clean-up's too. */
  @ParameterizedTest
  @MethodSource("operations")
  void anErrorThatComesAgainInTheCleanUpIsTheOneThatIsThrown(String operation) throws IOException {
    DenyingSyscalls old = new DenyingSyscalls(Scene.kernel()).deny(Errno.EINVAL, "renameat2");
    for (Syscalls sys : List.of(Scene.kernel(), PoorMount.withoutAnonymousFiles(old.syscalls()))) {
      for (int mode : new int[] {0700, 0777}) {
        boolean hit = true;
        for (int n = 1; hit; n++) {
          StrikingSyscalls strikes = AnomalyTest.sameErrorFromOn(sys, n);
          Path dir = Files.createTempDirectory(base, "again");
          plant(dir, mode);
          try (Scene scene = Scene.confined(dir, strikes.syscalls(), CONFIG)) {
            all().get(operation).run(scene);
          } catch (OutOfMemoryError | IllegalArgumentException e) {
            AnomalyTest.assertPlayed(operation + ", errors from call " + n, e);
          }
          hit = strikes.hit();
        }
      }
    }
  }

  private void sweepThrough(String operation, Syscalls sys, int mode, int[] errnos)
      throws IOException {
    for (Times times : Times.values()) {
      for (int errno : errnos) {
        for (int n = 1; n < MOST_CALLS; n++) {
          FaultingSyscalls faults =
              times == Times.ONCE
                  ? FaultingSyscalls.once(sys, n, errno)
                  : FaultingSyscalls.forever(sys, n, errno);
          String what = operation + ", call " + n + ", " + times + " " + Errno.name(errno);
          Path dir = Files.createDirectory(base.resolve(times + "-" + errno + "-" + n));
          plant(dir, mode);
          List<String> before = descriptors();
          boolean failed = run(operation, dir, faults, what, errno);
          assertThat(descriptors()).as(what + ": descriptors").isSubsetOf(before);
          check(dir, what, failed, times);
          if (!faults.hit()) {
            assertThat(failed).as(what).isFalse();
            break;
          }
        }
      }
    }
  }

  private static boolean run(
      String operation, Path dir, FaultingSyscalls faults, String what, int errno) {
    try (Scene scene = Scene.confined(dir, faults.syscalls(), CONFIG)) {
      try {
        all().get(operation).run(scene);
      } catch (IOException e) {
        namesPathAndCall(e, what, errno);
        return true;
      }
      return false;
    } catch (FileSystemException e) {
      assertThat(e.getFile()).doesNotContain(".safefs-").isNotEqualTo("/");
      return true;
    } catch (IOException e) {
      // The root could not be opened.
      return true;
    }
  }

  private static void namesPathAndCall(IOException failure, String what, int errno) {
    assertThat(failure).as(what).hasMessageMatching("(?s)/(file|new|link|dangling): .*");
    // Procfs is looked for by calls that fail, too.
    assertThat(failure)
        .as(what)
        .hasMessageMatching("(?s).*(\\w+: " + Errno.name(errno) + "|procfs is not mounted).*");
  }

  /**
   * Returns what descriptors are open on beneath temporary directories; the JVM opens its own at
   * any time.
   */
  private List<String> descriptors() throws IOException {
    List<String> open = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith(base.toString())) {
            open.add(descriptor.getFileName() + " " + target);
          }
        } catch (NoSuchFileException e) {
          // The listing's own.
        }
      }
    }
    return open;
  }

  private static void plant(Path dir, int mode) throws IOException {
    Files.writeString(dir.resolve("file"), "FILE");
    Files.writeString(dir.resolve("target"), "TARGET");
    Files.createSymbolicLink(dir.resolve("link"), Path.of("target"));
    Files.createSymbolicLink(dir.resolve("dangling"), Path.of("nowhere"));
    Files.setAttribute(dir, "unix:mode", mode);
  }

  private static void check(Path dir, String what, boolean failed, Times times) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> names = Files.list(dir)) {
      for (Path name : names.toList()) {
        found.put(name.getFileName().toString(), describe(name));
      }
    }
    Map<String, Set<String>> allowed =
        Map.of(
            "file", Set.of("FILE", NEW),
            "target", Set.of("TARGET", NEW),
            "link", Set.of("-> target"),
            "dangling", Set.of("-> nowhere"),
            "nowhere", Set.of(NEW),
            "new", Set.of(NEW));
    for (String required : Set.of("file", "target", "link", "dangling")) {
      assertThat(found).as(what).containsKey(required);
    }
    for (Map.Entry<String, String> entry : found.entrySet()) {
      // Where nothing works any more nothing can be removed: what is left is a staged name, or a
      // new file in place.
      boolean cannotCleanUp =
          times == Times.FOR_EVER
              && failed
              && (entry.getKey().startsWith(".safefs-")
                  || entry.getValue().isEmpty() && entry.getKey().equals("new"));
      if (!cannotCleanUp) {
        assertThat(allowed).as(what).containsKey(entry.getKey());
        assertThat(allowed.get(entry.getKey()))
            .as(what + ": " + entry.getKey())
            .contains(entry.getValue());
      }
    }
  }

  private static String describe(Path path) throws IOException {
    return Files.isSymbolicLink(path)
        ? "-> " + Files.readSymbolicLink(path)
        : Files.isDirectory(path) ? "directory" : Files.readString(path);
  }
}

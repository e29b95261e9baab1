package dev.safefs.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.RaceDetectedException;
import dev.safefs.SafeAttributes;
import dev.safefs.SafeConfig;
import dev.safefs.handle.ParentRef;
import dev.safefs.request.InitialAttributes;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LinkerTest extends InScene {
  private static final InitialAttributes REPLACE =
      InitialAttributes.parse(SafeAttributes.replaceExisting());

  private void symlink(String link, String target, InitialAttributes attributes)
      throws IOException {
    Linker.createSymbolicLink(scene.place(link), target, attributes);
  }

  private String target(String link) throws IOException {
    return Linker.readSymbolicLink(scene.place(link));
  }

  @Test
  @Tag("L1")
  void aLinkIsCreatedAndReplacedOnlyWhenAsked() throws IOException {
    symlink("l", "one", InitialAttributes.NONE);
    assertThat(target("l")).isEqualTo("one");
    assertThatThrownBy(() -> symlink("l", "two", InitialAttributes.NONE))
        .isInstanceOf(FileAlreadyExistsException.class);
    symlink("l", "two", REPLACE);
    assertThat(target("l")).isEqualTo("two");
    symlink("fresh", "three", REPLACE);
    assertThat(target("fresh")).isEqualTo("three");
    scene.file("file", "F");
    symlink("file", "four", REPLACE);
    assertThat(target("file")).isEqualTo("four");
    assertThat(scene.names()).containsExactly("file", "fresh", "l");
  }

  @Test
  @Tag("L1")
  void aDirectoryIsNotReplacedByALink() throws IOException {
    scene.directory("d");
    assertThatThrownBy(() -> symlink("d", "x", REPLACE))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> symlink("", "x", REPLACE))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(scene.names()).containsExactly("d");
  }

  @Test
  @Tag("L1")
  @Tag("L3")
  void aLinkIsReplacedInADirectoryThatOthersMayWriteTo() throws IOException {
    Path shared = scene.directory("shared");
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
    symlink("shared/l", "one", InitialAttributes.NONE);
    symlink("shared/l", "two", REPLACE);
    assertThat(target("shared/l")).isEqualTo("two");
    assertThat(scene.names("shared")).containsExactly("l");
  }

  @Test
  @Tag("L1")
  void permissionsAreNoInitialAttributeOfALink() {
    InitialAttributes mode =
        InitialAttributes.parse(
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx")));
    assertThatThrownBy(() -> symlink("l", "x", mode))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  @Tag("L2")
  void aLinkIsSwappedOnlyIfItIsWhatWasExpected() throws IOException {
    symlink("l", "one", InitialAttributes.NONE);
    assertThat(Linker.replaceSymbolicLink(scene.place("l"), "two", "three")).isFalse();
    assertThat(target("l")).isEqualTo("one");
    assertThat(Linker.replaceSymbolicLink(scene.place("l"), "one", "three")).isTrue();
    assertThat(target("l")).isEqualTo("three");
    assertThat(Linker.replaceSymbolicLink(scene.place("absent"), "one", "three")).isFalse();
    scene.file("file", "F");
    assertThat(Linker.replaceSymbolicLink(scene.place("file"), "one", "three")).isFalse();
    assertThat(scene.names()).containsExactly("file", "l");
  }

  @Test
  @Tag("L2")
  void withoutExchangeAStrictSwapIsRefused() throws IOException {
    DenyingSyscalls old = new DenyingSyscalls(Scene.kernel()).deny(Errno.ENOSYS, "renameat2");
    symlink("l", "one", InitialAttributes.NONE);
    try (Scene strict = Scene.confined(dir, old.syscalls(), SafeConfig.confined())) {
      assertThatThrownBy(() -> Linker.replaceSymbolicLink(strict.place("l"), "one", "two"))
          .isInstanceOf(GuaranteeUnavailableException.class);
    }
    SafeConfig lenient = SafeConfig.confined().with("strictness", "best_effort");
    try (Scene best = Scene.confined(dir, old.syscalls(), lenient)) {
      assertThat(Linker.replaceSymbolicLink(best.place("l"), "one", "two")).isTrue();
    }
    assertThat(target("l")).isEqualTo("two");
    assertThat(scene.names()).containsExactly("l");
  }

  @Test
  @Tag("L2")
  void ofTwoSwappersNeverBothWin() throws Exception {
    symlink("n", "first", InitialAttributes.NONE);
    Queue<String> replaced = new ConcurrentLinkedQueue<>();
    AtomicInteger next = new AtomicInteger();
    Runnable swapper =
        () -> {
          try (Scene own = Scene.confined(dir)) {
            for (int i = 0; i < 300; i++) {
              String seen = Linker.readSymbolicLink(own.place("n"));
              if (Linker.replaceSymbolicLink(own.place("n"), seen, "" + next.incrementAndGet())) {
                replaced.add(seen);
              }
            }
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        };
    Thread other = new Thread(swapper);
    other.start();
    swapper.run();
    other.join();
    // No two links have the same target, so whoever won replaced a link that nobody else did.
    assertThat(replaced).isNotEmpty().doesNotHaveDuplicates();
    assertThat(scene.names()).containsExactly("n");
  }

  @Test
  @Tag("L2")
  void whatASwapHasWrittenIsNotLost() throws Exception {
    symlink("counter", "0", InitialAttributes.NONE);
    int workers = 4;
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    int swapped = 0;
    try {
      for (Future<Integer> each :
          pool.invokeAll(Collections.<Callable<Integer>>nCopies(workers, this::count))) {
        swapped += each.get();
      }
    } finally {
      pool.shutdown();
    }
    assertThat(target("counter")).isEqualTo(Integer.toString(swapped));
    assertThat(scene.names()).containsExactly("counter");
  }

  @Test
  @Tag("L2")
  void whoKeepsTheTurnStopsNobody() throws IOException {
    symlink("l", "one", InitialAttributes.NONE);
    try (ParentRef at = Resolver.parent(scene.place("l"));
        Turn kept = Turn.take(at.dir())) {
      assertThat(kept.isExclusive()).isTrue();
      try (Turn other = Turn.take(at.dir())) {
        assertThat(other.isExclusive()).isFalse();
      }
      assertThat(Linker.replaceSymbolicLink(scene.place("l"), "one", "two")).isTrue();
    }
    assertThat(target("l")).isEqualTo("two");
  }

  /** Adds one to a link's target, if nobody else has meanwhile. Returns how often it did. */
  private int count() throws IOException {
    int swapped = 0;
    try (Scene own = Scene.confined(dir)) {
      Place counter = own.place("counter");
      for (int i = 0; i < 150; i++) {
        String seen = Linker.readSymbolicLink(counter);
        String next = Integer.toString(Integer.parseInt(seen) + 1);
        swapped += Linker.replaceSymbolicLink(counter, seen, next) ? 1 : 0;
      }
    }
    return swapped;
  }

  @Test
  @Tag("L1")
  @Tag("L3")
  void aStagedLinkThatIsTakenAwayForEverIsTold() throws IOException {
    symlink("l", "one", InitialAttributes.NONE);
    FaultingSyscalls thief =
        FaultingSyscalls.forever(Scene.kernel(), 1, Errno.ENOENT, "renameat", "renameat2");
    try (Scene robbed = Scene.confined(dir, thief.syscalls(), SafeConfig.confined())) {
      assertThatThrownBy(() -> Linker.replaceSymbolicLink(robbed.place("l"), "two"))
          .isInstanceOf(RaceDetectedException.class)
          .hasMessageContaining("128 tries");
    }
    assertThat(target("l")).isEqualTo("one");
    assertThat(scene.names()).containsExactly("l");
  }

  @Test
  @Tag("L1")
  void readersNeverFindNoLink() throws Exception {
    symlink("l", "0", InitialAttributes.NONE);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger missing = new AtomicInteger();
    Thread reader =
        new Thread(
            () -> {
              while (!stop.get()) {
                try {
                  Files.readSymbolicLink(scene.path("l"));
                } catch (IOException e) {
                  missing.incrementAndGet();
                }
              }
            });
    reader.start();
    for (int i = 0; i < 1000; i++) {
      symlink("l", "" + i, REPLACE);
    }
    stop.set(true);
    reader.join();
    assertThat(missing).hasValue(0);
    assertThat(scene.names()).containsExactly("l");
  }

  @Test
  @Tag("L4")
  void aHardLinkIsOfThePinnedFile() throws IOException {
    scene.file("a", "A");
    scene.link("s", "a");
    scene.directory("d");
    Linker.createLink(scene.place("b"), scene.place("a"));
    assertThat(scene.stat("b").isSameFile(scene.stat("a"))).isTrue();
    Linker.createLink(scene.place("t"), scene.place("s"));
    assertThat(Files.isSymbolicLink(scene.path("t"))).isTrue();
    assertThatThrownBy(() -> Linker.createLink(scene.place("b"), scene.place("a")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> Linker.createLink(scene.place("x"), scene.place("d")))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> Linker.createLink(scene.place("b"), scene.place("absent")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  @Tag("L1")
  void onlyALinkIsRead() throws IOException {
    scene.file("a", "A");
    assertThatThrownBy(() -> target("a")).isInstanceOf(NotLinkException.class);
    assertThatThrownBy(() -> target("")).isInstanceOf(NotLinkException.class);
    assertThatThrownBy(() -> target("absent")).isInstanceOf(NoSuchFileException.class);
  }
}

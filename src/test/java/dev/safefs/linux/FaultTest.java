package dev.safefs.linux;

import static dev.safefs.linux.Machine.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.CopyMonitor;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Listing;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Route;
import dev.safefs.handle.SyncScope;
import dev.safefs.request.Access;
import dev.safefs.request.LinkMode;
import dev.safefs.request.Replace;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.Syscalls;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each system call of each operation fails once, or it and all later ones. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
@Tag("K3")
class FaultTest {
  private static final int[] ERRNOS = {
    Errno.EIO,
    Errno.EMFILE,
    Errno.ENOSPC,
    Errno.EINTR,
    Errno.EAGAIN,
    Errno.ENOSYS,
    Errno.EPERM,
    Errno.EACCES,
    Errno.EINVAL,
    Errno.ENOENT,
    Errno.ELOOP
  };

  @TempDir Path temp;
  private Path root;

  /** What is done to a confined tree; it may fail, but only with an exception. */
  @FunctionalInterface
  interface Operation {
    void on(Anchor anchor) throws IOException;
  }

  @BeforeEach
  void plantTree() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    Files.createDirectories(root.resolve("a/b"));
    Files.writeString(root.resolve("a/file"), "content");
    Files.createSymbolicLink(root.resolve("link"), Path.of("a/b/../file"));
  }

  static Stream<Arguments> operations() {
    return Stream.of(
        operation("open a link", anchor -> open(anchor, "link").close()),
        operation("real text", FaultTest::realText),
        operation("open a directory", FaultTest::openDirectory),
        operation("list", FaultTest::list),
        operation("rename", FaultTest::rename),
        operation("create and link", FaultTest::createAndLink),
        operation("anonymous", FaultTest::anonymous),
        operation("copy", FaultTest::copy),
        operation("channel", FaultTest::channel),
        operation("attributes", FaultTest::attributes),
        operation("lock", FaultTest::lock));
  }

  private static Arguments operation(String title, Operation operation) {
    return Arguments.of(title, operation);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void aFailedCallLeaksNothingAndShowsNoHostPath(String title, Operation operation)
      throws IOException {
    for (int errno : ERRNOS) {
      boolean hit = true;
      for (int n = 1; hit; n++) {
        FaultingSyscalls once = FaultingSyscalls.once(Machine.kernel(), n, errno);
        run(operation, once.syscalls(), title + " once " + n + " " + Errno.name(errno));
        FaultingSyscalls forever = FaultingSyscalls.forever(Machine.kernel(), n, errno);
        run(operation, forever.syscalls(), title + " forever " + n + " " + Errno.name(errno));
        hit = once.hit();
      }
    }
  }

  private void run(Operation operation, Syscalls sys, String title) throws IOException {
    Set<String> before = Machine.descriptors();
    Route route = new Route(root.toString(), "root");
    try (Anchor anchor = Machine.engine(sys).confine(route, LinkPolicy.BENEATH, MountPolicy.STAY)) {
      operation.on(anchor);
    } catch (IOException e) {
      for (Throwable t = e; t != null; t = t.getCause()) {
        assertThat(String.valueOf(t.getMessage()))
            .as(title)
            .doesNotContain(temp.toString())
            .doesNotContain("/proc/");
      }
    }
    assertThat(Machine.descriptors()).as(title).isSubsetOf(before);
    Stream.of("made", "linked", "moved", "copied", "a/made").forEach(this::deleteIfExists);
  }

  private void deleteIfExists(String file) {
    try {
      Files.deleteIfExists(root.resolve(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static FileHandle open(Anchor anchor, String text) throws IOException {
    return anchor.open(Machine.route(text), LinkMode.FOLLOW);
  }

  private static Dir top(Anchor anchor) throws IOException {
    return anchor.openDir(Machine.route("/"), LinkMode.FOLLOW);
  }

  private static void realText(Anchor anchor) throws IOException {
    try (FileHandle file = open(anchor, "link")) {
      assertThat(anchor.realText(file, Machine.route("link"))).isEqualTo("/a/file");
    }
  }

  private static void openDirectory(Anchor anchor) throws IOException {
    try (Dir dir = top(anchor);
        Dir a = dir.openDir(name("a"));
        FileHandle self = a.self();
        Anchor inner = anchor.anchor(Machine.route("a"), LinkMode.FOLLOW)) {
      assertThat(self.stat().identity())
          .isEqualTo(dir.stat(name("a")).orElseThrow(IOException::new).identity());
      inner.open(Machine.route("b"), LinkMode.FOLLOW).close();
    }
  }

  private static void list(Anchor anchor) throws IOException {
    try (Dir dir = top(anchor);
        Listing listing = dir.list()) {
      while (listing.next().isPresent()) {
        dir.sync();
      }
    }
  }

  private static void rename(Anchor anchor) throws IOException {
    try (ParentRef made = anchor.parent(Machine.route("a/made"));
        ParentRef moved = anchor.parent(Machine.route("moved"))) {
      made.dir().mkdir(made.name(), 0700);
      made.dir().rename(made.name(), moved.dir(), moved.name(), Replace.NO_REPLACE);
      moved.dir().rmdir(moved.name());
    }
  }

  private static void createAndLink(Anchor anchor) throws IOException {
    try (Dir dir = top(anchor)) {
      dir.symlink("target", name("made"));
      try (FileHandle link = dir.find(name("made")).orElseThrow(IOException::new)) {
        link.readLink();
        dir.link(link, name("linked"));
      }
      dir.unlink(name("linked"));
    }
  }

  private static void anonymous(Anchor anchor) throws IOException {
    try (Dir dir = top(anchor);
        FileHandle file = dir.anonymous(0600).orElseThrow(IOException::new)) {
      file.setMode(0640);
      file.sync(SyncScope.CONTENT);
      dir.link(file, name("made"));
    }
  }

  private static void copy(Anchor anchor) throws IOException {
    try (Dir dir = top(anchor);
        FileHandle path = open(anchor, "a/file");
        FileHandle source = path.reopen(Access.READ);
        FileHandle target = dir.create(name("copied"), 0600).orElseThrow(IOException::new)) {
      source.copyContentTo(target, CopyMonitor.NONE);
      path.copyExtendedAttributesTo(target);
      assertThat(target.stat().sizeBytes()).isEqualTo(7);
    }
  }

  private static void channel(Anchor anchor) throws IOException {
    try (FileHandle file = open(anchor, "a/file");
        FileChannel channel = file.channel(Set.of(StandardOpenOption.READ))) {
      assertThat(channel.size()).isEqualTo(7);
    }
  }

  private static void attributes(Anchor anchor) throws IOException {
    try (FileHandle file = open(anchor, "a/file")) {
      file.setTimes(Instant.EPOCH, Instant.EPOCH);
      file.setMode(0644);
      file.setOwner(-1, -1);
      file.checkAccess(AccessMode.READ);
      file.readAttributes("posix:*");
      file.readAttributes("user:*");
      file.fileStore();
    }
  }

  private static void lock(Anchor anchor) throws IOException {
    try (FileHandle path = open(anchor, "a");
        FileHandle dir = path.reopen(Access.READ)) {
      Closeable mark = dir.tryLock().orElseThrow(IOException::new);
      mark.close();
    }
  }
}

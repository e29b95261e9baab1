package dev.safefs.portable;

import static dev.safefs.portable.Bench.name;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.RaceDetectedException;
import dev.safefs.SafeConfig;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.op.Copier;
import dev.safefs.op.Mover;
import dev.safefs.op.Opener;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Over a delegate without file keys, as the JDK's is on Windows, and over one which has no times
 * either that would tell two files apart, as those of archives and of servers.
 */
@ParameterizedClass
@EnumSource
class KeylessTest {
  @Parameter Keyless.Times times;
  private FileSystem fileSystem;
  private Bench bench;

  @BeforeEach
  void open() throws IOException {
    fileSystem = Jimfs.newFileSystem(Configuration.windows());
    Path root = Files.createDirectories(fileSystem.getPath("C:\\work"));
    bench = Keyless.over(root, times);
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
    fileSystem.close();
  }

  @Test
  @Tag("W1")
  void wholeFilesAreWrittenAndReplaced() throws IOException {
    for (String content : new String[] {"one", "two"}) {
      OpenRequest request =
          OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), SafeConfig.confined());
      try (FileChannel channel = Opener.open(bench.place("a"), request)) {
        channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
      }
      assertThat(bench.content("a")).isEqualTo(content);
      assertThat(bench.names()).containsExactly("a");
    }
  }

  @Test
  @Tag("M1")
  void differentFilesAreToldApart() throws IOException {
    bench.file("a", "A");
    bench.file("b", "other");
    assertThatThrownBy(() -> Mover.move(bench.place("a"), bench.place("b"), MoveRequest.parse()))
        .isInstanceOf(FileAlreadyExistsException.class);
    Mover.move(bench.place("a"), bench.place("b"), MoveRequest.parse(REPLACE_EXISTING));
    assertThat(bench.content("b")).isEqualTo("A");
    Copier.copy(bench.place("b"), bench.place("c"), CopyRequest.parse());
    assertThat(bench.names()).containsExactly("b", "c");
  }

  @Test
  @Tag("M2")
  void filesOfOneLengthAreToldApart() throws IOException {
    bench.file("a", "A");
    bench.file("b", "B");
    bench.file("c", "C");
    Copier.copy(bench.place("a"), bench.place("b"), CopyRequest.parse(REPLACE_EXISTING));
    assertThat(bench.content("b")).isEqualTo("A");
    Mover.move(bench.place("b"), bench.place("c"), MoveRequest.parse(REPLACE_EXISTING));
    assertThat(bench.content("c")).isEqualTo("A");
    assertThat(bench.names()).containsExactly("a", "c");
  }

  @Test
  @Tag("R1")
  void directoriesInUseAreToldApart() throws IOException {
    bench.directory("d");
    bench.directory("d/inner");
    bench.directory("e");
    try (Dir d = bench.anchor.openDir(Bench.route("d"), LinkMode.FOLLOW);
        Dir inner = bench.anchor.openDir(Bench.route("d/inner"), LinkMode.FOLLOW);
        Dir e = bench.anchor.openDir(Bench.route("e"), LinkMode.FOLLOW)) {
      d.mkdir(name("1"), 0700);
      inner.mkdir(name("2"), 0700);
      e.mkdir(name("3"), 0700);
    }
    assertThat(bench.names("d")).containsExactly("1", "inner");
    assertThat(bench.names("d/inner")).containsExactly("2");
    assertThat(bench.names("e")).containsExactly("3");
  }

  @Test
  @Tag("H1")
  void aFileMadeAgainIsNotTheOneThatWasRemoved() throws IOException {
    bench.file("a", "A");
    try (FileHandle removed = bench.open("a");
        Dir dir = bench.dir()) {
      dir.unlink(name("a"));
      bench.file("a", "B");
      try (FileHandle made = bench.open("a")) {
        assertThat(made.stat().isSameFile(removed.stat())).isFalse();
      }
      assertThat(removed.stat().linkCount()).isZero();
    }
  }

  @Test
  @Tag("R5")
  void anotherRefusalDoesNotMakeLinksBeFollowed() throws IOException {
    assumeTrue(times == Keyless.Times.FINE, "this delegate knows the option");
    Path link = bench.link("l", "a");
    bench.file("a", "A");
    Host host =
        Host.of(link.getFileSystem().provider(), link.getFileSystem(), Set.of(), Gaps.REFUSED);
    assertThatThrownBy(
            () -> PathDir.open(host, bench.path("a"), Set.of(READ, StandardOpenOption.APPEND)))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> PathDir.open(host, link, Set.of(READ)))
        .isInstanceOf(IOException.class);
  }

  @Test
  @Tag("R5")
  void whatChangesAFileIsNotOpenedWhereLinksAreFollowed() throws IOException {
    assumeTrue(times == Keyless.Times.MODIFICATION, "this delegate does not know the option");
    bench.file("a", "A");
    Host host = Keyless.host(bench.root, times);
    PathDir.open(host, bench.path("a"), Set.of(READ)).close();
    assertThatThrownBy(() -> PathDir.open(host, bench.path("a"), Set.of(WRITE, TRUNCATE_EXISTING)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(bench.content("a")).isEqualTo("A");
  }

  @Test
  @Tag("L4")
  void twoNamesOfAFileAreOneFile() throws IOException {
    bench.file("a", "A");
    Files.createLink(bench.path("b"), bench.path("a"));
    try (FileHandle a = bench.open("a");
        FileHandle b = bench.open("b")) {
      assertThat(a.stat().isSameFile(b.stat())).isTrue();
    }
  }

  @Test
  @Tag("R1")
  void anotherDirectoryUnderThePathIsARace() throws IOException {
    assumeTrue(
        times == Keyless.Times.FINE, "with coarse times nothing tells it from the one before");
    bench.directory("d");
    try (Dir dir = bench.anchor.openDir(Bench.route("d"), LinkMode.FOLLOW)) {
      Files.delete(bench.path("d"));
      bench.directory("d");
      FileTime longAgo = FileTime.fromMillis(0);
      fileSystem.provider().setAttribute(bench.path("d"), "creationTime", longAgo);
      assertThatThrownBy(() -> dir.mkdir(name("x"), 0700))
          .isInstanceOf(RaceDetectedException.class);
    }
  }
}

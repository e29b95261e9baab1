package dev.safefs;

import static com.sun.nio.file.ExtendedCopyOption.INTERRUPTIBLE;
import static dev.safefs.SafeCopyOption.DURABLE;
import static dev.safefs.SafeCopyOption.NO_REFLINK;
import static dev.safefs.SafeCopyOption.REFLINK_ONLY;
import static dev.safefs.SafeCopyOption.VERIFY_STABLE;
import static dev.safefs.SafeCopyOption.progress;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each option of copies and moves, wherever both sides are. */
class CopyOptionsTest {
  private static final byte[] CONTENT = "content".repeat(100_000).getBytes();

  @TempDir Path work;
  private final List<FileSystem> opened = new ArrayList<>();
  private Path source;
  private Path target;

  /** Where both sides are. */
  enum Sides {
    AMBIENT,
    CONFINED,
    TWO_ROOTS,
    CONFINED_TO_AMBIENT,
    JIMFS_TO_CONFINED,
    CONFINED_TO_JIMFS,
    ZIP_TO_AMBIENT;

    boolean isForeign() {
      return name().contains("JIMFS") || name().contains("ZIP");
    }
  }

  private void plant(Sides sides) throws IOException {
    work = JdkPaths.of(work);
    Path a = Files.createDirectory(work.resolve("a"));
    Path b = Files.createDirectory(work.resolve("b"));
    switch (sides) {
      case AMBIENT -> place(ambient(a), ambient(b));
      case CONFINED -> {
        Path root = confined(a);
        place(root, Files.createDirectory(root.resolve("room")));
      }
      case TWO_ROOTS -> place(confined(a), confined(b));
      case CONFINED_TO_AMBIENT -> place(confined(a), ambient(b));
      case JIMFS_TO_CONFINED -> place(jimfs(), confined(b));
      case CONFINED_TO_JIMFS -> place(confined(a), jimfs());
      case ZIP_TO_AMBIENT -> place(zip(a), ambient(b));
    }
    Files.write(source, CONTENT);
    Files.setLastModifiedTime(source, FileTime.fromMillis(1_500_000_000_000L));
  }

  private void place(Path from, Path to) {
    source = from.resolve("source");
    target = to.resolve("target");
  }

  private static Path ambient(Path host) {
    return Path.of(URI.create("safe://" + host.toUri().getRawPath()));
  }

  private Path confined(Path host) throws IOException {
    URI uri = URI.create("safe://" + host.toUri().getRawPath());
    return keep(FileSystems.newFileSystem(uri, Map.of())).getPath("/");
  }

  private Path jimfs() throws IOException {
    return Files.createDirectory(keep(Jimfs.newFileSystem(Configuration.unix())).getPath("/room"));
  }

  private Path zip(Path host) throws IOException {
    URI uri = URI.create("jar:" + host.resolve("file.zip").toUri());
    return keep(FileSystems.newFileSystem(uri, Map.of("create", "true"))).getPath("/");
  }

  private FileSystem keep(FileSystem fileSystem) {
    opened.add(fileSystem);
    return fileSystem;
  }

  @AfterEach
  void close() throws IOException {
    for (FileSystem each : opened) {
      each.close();
    }
  }

  private void append() {
    try {
      Files.write(source, CONTENT, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertArrived() throws IOException {
    assertThat(Files.readAllBytes(target)).isEqualTo(CONTENT);
    assertNoStrayNames();
  }

  private void assertNothingArrived() throws IOException {
    assertThat(Files.exists(target)).isFalse();
    assertThat(Files.readAllBytes(source).length).isGreaterThanOrEqualTo(CONTENT.length);
    assertNoStrayNames();
  }

  private void assertNoStrayNames() throws IOException {
    for (Path directory : List.of(source.getParent(), target.getParent())) {
      try (Stream<Path> names = Files.list(directory)) {
        assertThat(names.map(name -> name.getFileName().toString()))
            .noneMatch(name -> name.contains(".safefs-"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("C3")
  void progressIsToldFromNothingToAll(Sides sides) throws IOException {
    plant(sides);
    List<Long> done = new ArrayList<>();
    SafeCopyOption told =
        progress(
            (doneBytes, totalBytes) -> {
              assertThat(totalBytes).isEqualTo(CONTENT.length);
              done.add(doneBytes);
            });
    SafeFiles.copy(source, target, told);
    assertArrived();
    assertThat(done).isSorted().startsWith(0L).endsWith((long) CONTENT.length);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("C3")
  void anInterruptEndsTheCopyAndLeavesNothing(Sides sides) throws IOException {
    plant(sides);
    SafeCopyOption interrupting = progress((done, total) -> Thread.currentThread().interrupt());
    assertThatThrownBy(() -> SafeFiles.copy(source, target, INTERRUPTIBLE, interrupting))
        .isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertNothingArrived();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ZIP_TO_AMBIENT")
  @Tag("C4")
  void aSourceThatChangesIsNotCopied(Sides sides) throws IOException {
    plant(sides);
    SafeCopyOption changing =
        progress(
            (done, total) -> {
              if (done == 0) {
                append();
              }
            });
    assertThatThrownBy(() -> SafeFiles.copy(source, target, VERIFY_STABLE, changing))
        .isInstanceOf(SourceChangedException.class);
    assertNothingArrived();
  }

  @ParameterizedTest
  @EnumSource
  @Tag("C3")
  void blocksAreSharedIfThatIsWantedOrTheCopyFails(Sides sides) throws IOException {
    plant(sides);
    try {
      SafeFiles.copy(source, target, REFLINK_ONLY);
      assertThat(sides.isForeign()).isFalse();
      assertArrived();
    } catch (GuaranteeUnavailableException e) {
      assertThat(e).hasMessageContaining("C3");
      assertNothingArrived();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("C2")
  @Tag("C3")
  @Tag("W6")
  void whatIsNotSharedIsStableAndDurableHasContentAndTime(Sides sides) throws IOException {
    plant(sides);
    SafeFiles.copy(source, target, NO_REFLINK, VERIFY_STABLE, COPY_ATTRIBUTES);
    assertArrived();
    assertThat(Files.getLastModifiedTime(target)).isEqualTo(Files.getLastModifiedTime(source));
    assertThatThrownBy(() -> SafeFiles.copy(source, target))
        .isInstanceOf(FileAlreadyExistsException.class);
    append();
    SafeFiles.copy(source, target, REPLACE_EXISTING, DURABLE);
    assertThat(Files.size(target)).isEqualTo(2L * CONTENT.length);
    assertNoStrayNames();
  }

  /** It shows a file only when that is closed: neither a target, nor the source of a move. */
  @Test
  @Tag("G2")
  void aZipFileIsOnlyReadFrom() throws IOException {
    plant(Sides.ZIP_TO_AMBIENT);
    for (CopyOption[] options : new CopyOption[][] {{}, {REPLACE_EXISTING}}) {
      assertThatThrownBy(() -> SafeFiles.move(source, target, options))
          .isInstanceOf(GuaranteeUnavailableException.class);
      assertNothingArrived();
      Path entry = source.resolveSibling("entry");
      assertThatThrownBy(() -> SafeFiles.copy(target, entry, options))
          .isInstanceOf(IOException.class);
      Path file = Files.writeString(work.resolve("b/file"), "content");
      assertThatThrownBy(() -> SafeFiles.copy(ambient(file), entry, options))
          .isInstanceOf(GuaranteeUnavailableException.class);
      assertThatThrownBy(() -> SafeFiles.move(ambient(file), entry, options))
          .isInstanceOf(GuaranteeUnavailableException.class);
      assertThat(Files.exists(entry)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ZIP_TO_AMBIENT")
  @Tag("M1")
  @Tag("M3")
  void aMoveTakesContentAndTimeAndLeavesNothing(Sides sides) throws IOException {
    plant(sides);
    FileTime time = Files.getLastModifiedTime(source);
    Files.createFile(target);
    assertThatThrownBy(() -> SafeFiles.move(source, target))
        .isInstanceOf(FileAlreadyExistsException.class);
    SafeFiles.move(source, target, REPLACE_EXISTING, progress((done, total) -> {}));
    assertArrived();
    assertThat(Files.exists(source)).isFalse();
    assertThat(Files.getLastModifiedTime(target)).isEqualTo(time);
  }
}

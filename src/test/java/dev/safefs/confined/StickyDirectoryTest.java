package dev.safefs.confined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.JdkPaths;
import dev.safefs.PlayedProvider;
import dev.safefs.Requirement;
import dev.safefs.SafeFiles;
import dev.safefs.contract.Row;
import dev.safefs.sys.Errno;
import dev.safefs.sys.SettingSyscalls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What another user has put into a directory such as {@code /tmp} leads nobody astray who writes
 * there, as the kernel sees to where {@code fs.protected_symlinks} is set.
 */
@Tag("R1")
class StickyDirectoryTest {
  private static final List<Set<OpenOption>> WRITERS =
      List.of(
          Set.of(
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING),
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND));

  @TempDir Path temporary;

  private Path host;
  private Path shared;

  @BeforeEach
  void plant() throws IOException {
    Requirement.present(Ground.isRoot(), "root");
    host = JdkPaths.of(temporary).toRealPath();
    shared = Files.createDirectory(host.resolve("shared"));
    Ground.run("chmod", "1777", shared.toString());
    Files.writeString(host.resolve("target"), "old");
    link("theirs", "../target", "1234");
    link("theirsDangling", "../absent", "1234");
    link("ours", "../target", "0");
  }

  private void link(String name, String target, String owner) throws IOException {
    Path link = shared.resolve(name);
    Files.createSymbolicLink(link, link.getFileSystem().getPath(target));
    Ground.run("chown", "-h", owner, link.toString());
  }

  @ParameterizedTest
  @EnumSource(
      value = Row.class,
      names = {"AMBIENT", "CONFINED", "CONFINED_OLD", "PORTABLE_JDK", "PORTABLE_JDK_AMBIENT"})
  void anothersLinkIsNotWrittenThrough(Row row) throws Exception {
    try (Row.Mounted mounted = row.mount(host)) {
      for (String name : List.of("theirs", "theirsDangling")) {
        Path link = mounted.root().resolve("shared").resolve(name);
        for (Set<OpenOption> options : WRITERS) {
          assertThatThrownBy(() -> FileChannel.open(link, options).close())
              .as("%s %s", name, options)
              .isInstanceOf(AccessDeniedException.class)
              .hasMessage(link.toString());
        }
        assertThatThrownBy(() -> SafeFiles.write(link, out -> out.write(1)))
            .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> SafeFiles.pin(link)).isInstanceOf(AccessDeniedException.class);
      }
    }
    assertThat(host.resolve("target")).hasContent("old");
    assertThat(host.resolve("absent")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(
      value = Row.class,
      names = {"AMBIENT", "CONFINED", "CONFINED_OLD", "PORTABLE_JDK", "PORTABLE_JDK_AMBIENT"})
  void linksOfTheCallerAndOfTheDirectorysOwnerAreWrittenThrough(Row row) throws Exception {
    try (Row.Mounted mounted = row.mount(host)) {
      Files.writeString(mounted.root().resolve("shared/ours"), "new");
      assertThat(host.resolve("target")).hasContent("new");
      Ground.run("chown", "1234", shared.toString());
      Files.writeString(mounted.root().resolve("shared/theirs"), "newer");
      assertThat(host.resolve("target")).hasContent("newer");
    }
  }

  /** In a container, to which a host's {@code /tmp} is given, its root and its users look alike. */
  @ParameterizedTest
  @CsvSource({"0 200000 65536, false", "0 0 4294967295, true"})
  void ownersWithoutANumberAreNotTakenForOne(String map, boolean followed) throws Exception {
    Ground.run("chown", "-h", "65534", shared.toString(), shared.resolve("theirs").toString());
    FileSystemProvider provider =
        PlayedProvider.over(sys -> SettingSyscalls.over(sys, "/proc/self/uid_map", map + "\n"));
    try (FileSystem safe = provider.newFileSystem(host, Map.of())) {
      Path link = safe.getPath("/shared/theirs");
      if (followed) {
        Files.writeString(link, "new");
      } else {
        assertThatThrownBy(() -> Files.writeString(link, "new"))
            .isInstanceOf(AccessDeniedException.class);
      }
    }
    assertThat(host.resolve("target")).hasContent(followed ? "new" : "old");
  }

  /** As where there are no descriptors left to read the map of numbers. */
  @Test
  void ownersAreNotTakenForOneWhereNobodyCanTell() throws Exception {
    Ground.run("chown", "-h", "65534", shared.toString(), shared.resolve("theirs").toString());
    FileSystemProvider provider =
        PlayedProvider.over(
            sys -> SettingSyscalls.unreadable(sys, "/proc/self/uid_map", Errno.EMFILE));
    try (FileSystem safe = provider.newFileSystem(host, Map.of())) {
      assertThatThrownBy(() -> Files.writeString(safe.getPath("/shared/theirs"), "new"))
          .isInstanceOf(AccessDeniedException.class);
    }
    assertThat(host.resolve("target")).hasContent("old");
  }

  /** Who writes into the file of another user gives its owner what was written. */
  @ParameterizedTest
  @Tag("W4")
  @CsvSource({
    "protected_regular, 0, 1777, true",
    "protected_regular, 1, 1777, false",
    "protected_regular, 1, 1775, true",
    "protected_regular, 2, 1775, false",
    "protected_regular, 2, 0777, true",
    "protected_fifos, 2, 1777, true"
  })
  void anothersFileIsNotTakenForANewOneWhereTheKernelWouldNot(
      String setting, String level, String mode, boolean taken) throws Exception {
    Ground.run("chmod", mode, shared.toString());
    Path file = Files.writeString(shared.resolve("file"), "old");
    Ground.run("chown", "1234", file.toString());
    Ground.run("chmod", "0666", file.toString());
    FileSystemProvider provider =
        PlayedProvider.over(
            sys -> SettingSyscalls.over(sys, "/proc/sys/fs/" + setting, level + "\n"));
    try (FileSystem safe = provider.newFileSystem(host, Map.of())) {
      Path path = safe.getPath("/shared/file");
      for (Set<OpenOption> options : WRITERS) {
        if (taken) {
          FileChannel.open(path, options).close();
        } else {
          assertThatThrownBy(() -> FileChannel.open(path, options).close())
              .as("%s", options)
              .isInstanceOf(AccessDeniedException.class)
              .hasMessage(path.toString());
        }
      }
      FileChannel.open(path, StandardOpenOption.WRITE).close();
      assertThat(file).hasContent(taken ? "" : "old");
      assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(1234);
    }
  }

  /** A daemon that may not read a setting is no less in need of it. */
  @ParameterizedTest
  @Tag("W4")
  @CsvSource({
    "protected_regular, 1777, false",
    "protected_regular, 1775, true",
    "none, 1777, false",
    "protected_fifos, 1777, true"
  })
  void anothersFileIsNotTakenForANewOneWhereNobodyCanTell(
      String unreadable, String mode, boolean taken) throws Exception {
    Ground.run("chmod", mode, shared.toString());
    Path file = Files.writeString(shared.resolve("file"), "old");
    Ground.run("chown", "1234", file.toString());
    FileSystemProvider provider =
        PlayedProvider.over(
            sys ->
                unreadable.equals("none")
                    ? SettingSyscalls.none(sys)
                    : SettingSyscalls.unreadable(
                        SettingSyscalls.over(sys, "/proc/sys/fs/protected_regular", "0\n"),
                        "/proc/sys/fs/" + unreadable,
                        Errno.EACCES));
    try (FileSystem safe = provider.newFileSystem(host, Map.of())) {
      Path path = safe.getPath("/shared/file");
      if (taken) {
        Files.writeString(path, "new");
      } else {
        assertThatThrownBy(() -> Files.writeString(path, "new"))
            .isInstanceOf(AccessDeniedException.class);
      }
    }
    assertThat(file).hasContent(taken ? "new" : "old");
  }

  /** The time between open and close is as good for that as the time before. */
  @ParameterizedTest
  @Tag("W4")
  @CsvSource({
    "protected_regular, 1, 1777, false",
    "protected_regular, 1, 1775, true",
    "protected_regular, 0, 1777, true",
    "protected_regular, 2, 0777, true"
  })
  void anothersFileThatAppearsBeforeTheCloseGetsNothingEither(
      String setting, String level, String mode, boolean taken) throws Exception {
    Ground.run("chmod", mode, shared.toString());
    FileSystemProvider provider =
        PlayedProvider.over(
            sys -> SettingSyscalls.over(sys, "/proc/sys/fs/" + setting, level + "\n"));
    try (FileSystem safe = provider.newFileSystem(host, Map.of())) {
      Path path = safe.getPath("/shared/file");
      OutputStream out = Files.newOutputStream(path);
      out.write('s');
      Path theirs = Files.writeString(shared.resolve("file"), "old");
      Ground.run("chown", "1234", theirs.toString());
      Ground.run("chmod", "0666", theirs.toString());
      if (taken) {
        out.close();
      } else {
        assertThatThrownBy(out::close)
            .isInstanceOf(AccessDeniedException.class)
            .hasMessage(path.toString());
      }
      assertThat(theirs).hasContent(taken ? "s" : "old");
    }
  }
}

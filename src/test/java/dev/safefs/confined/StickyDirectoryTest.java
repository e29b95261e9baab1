package dev.safefs.confined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.JdkPaths;
import dev.safefs.SafeFiles;
import dev.safefs.contract.Row;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
    Ground.require(Ground.isRoot(), "root");
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
      names = {"AMBIENT", "CONFINED", "CONFINED_OLD"})
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
      names = {"AMBIENT", "CONFINED", "CONFINED_OLD"})
  void linksOfTheCallerAndOfTheDirectorysOwnerAreWrittenThrough(Row row) throws Exception {
    try (Row.Mounted mounted = row.mount(host)) {
      Files.writeString(mounted.root().resolve("shared/ours"), "new");
      assertThat(host.resolve("target")).hasContent("new");
      Ground.run("chown", "1234", shared.toString());
      Files.writeString(mounted.root().resolve("shared/theirs"), "newer");
      assertThat(host.resolve("target")).hasContent("newer");
    }
  }
}

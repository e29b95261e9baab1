package dev.safefs.portable;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.LinkPolicy;
import dev.safefs.Requirement;
import dev.safefs.SafeConfig;
import dev.safefs.Strictness;
import dev.safefs.op.Opener;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Other users' files in a directory such as {@code /tmp}, without any help of the kernel's. */
class SharedDirectoryTest {
  private static final String UNREADABLE = "unreadable";
  private static final String PART = "0 200000 65536";
  private static final int STRANGER = 1234;
  private static final int OVERFLOW = 65534;
  private static final List<Set<OpenOption>> CREATORS =
      List.of(
          Set.of(CREATE, WRITE, TRUNCATE_EXISTING), Set.of(CREATE, WRITE), Set.of(CREATE, APPEND));

  private final Map<String, String> proc = new HashMap<>();
  private Path root;
  private Path shared;
  private Bench bench;

  /** The JDK's, with other text in some files of procfs. */
  private final class Played extends FilteringProvider {
    Played() {
      super(root.getFileSystem().provider(), call -> {});
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      String text = proc.get(path.toString());
      if (text == null) {
        return super.newByteChannel(path, options, attributes);
      }
      if (text.equals(UNREADABLE)) {
        throw new AccessDeniedException(path.toString());
      }
      return Files.newByteChannel(Files.writeString(root.resolve("played"), text + "\n"));
    }
  }

  @BeforeEach
  void plant() throws IOException {
    root = Ground.JDK.open();
    shared = Files.createDirectory(root.resolve("shared"));
    mode(shared, 01777);
    Requirement.present(Files.getAttribute(root, "unix:uid").equals(0), "root");
    bench = Bench.over(root, new Played(), LinkPolicy.BENEATH);
  }

  @AfterEach
  void discard() throws IOException {
    if (bench != null) {
      bench.close();
    }
    Ground.JDK.discard(root);
  }

  private static void mode(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode);
  }

  private Path theirs(int owner) throws IOException {
    Path file = Files.writeString(shared.resolve("file"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    Files.setAttribute(file, "unix:uid", owner);
    return file;
  }

  private void open(String name, SafeConfig config, Set<OpenOption> options) throws IOException {
    OpenRequest request = OpenRequest.parse(options, config);
    Opener.open(bench.place("shared/" + name, config), request).close();
  }

  @ParameterizedTest
  @Tag("W4")
  @CsvSource({
    "0, 1777, true",
    "1, 1777, false",
    "1, 1775, true",
    "2, 1775, false",
    "2, 0777, true",
    "unreadable, 1777, false",
    "unreadable, 1775, true"
  })
  void anothersFileIsNotTakenForANewOneWhereTheKernelWouldNot(
      String level, String mode, boolean taken) throws IOException {
    proc.put("/proc/sys/fs/protected_regular", level);
    mode(shared, Integer.parseInt(mode, 8));
    Path file = theirs(STRANGER);
    for (Set<OpenOption> options : CREATORS) {
      if (taken) {
        open("file", SafeConfig.confined(), options);
      } else {
        assertThatThrownBy(() -> open("file", SafeConfig.confined(), options))
            .as("%s", options)
            .isInstanceOf(AccessDeniedException.class)
            .hasMessage("/shared/file");
      }
    }
    open("file", SafeConfig.confined(), Set.of(WRITE));
    assertThat(file).hasContent(taken ? "" : "old");
  }

  /** The name of the user says nothing in a container that has no such user. */
  @Test
  @Tag("R1")
  void whoHasNoNameIsKnownByNumber() throws IOException {
    mode(shared, 01777);
    Files.setAttribute(shared, "unix:uid", STRANGER);
    Files.writeString(root.resolve("target"), "old");
    bench.link("shared/ours", "../target");
    String name = System.getProperty("user.name");
    System.setProperty("user.name", "?");
    try {
      open("ours", SafeConfig.confined(), CREATORS.get(0));
      proc.put("/proc/sys/fs/protected_regular", "2");
      Files.writeString(shared.resolve("file"), "old");
      open("file", SafeConfig.confined(), CREATORS.get(0));
    } finally {
      System.setProperty("user.name", name);
    }
    assertThat(root.resolve("target")).hasContent("");
    assertThat(shared.resolve("file")).hasContent("");
  }

  @ParameterizedTest
  @Tag("R1")
  @CsvSource({"0 200000 65536, false", "unreadable, false", "0 0 4294967295, true"})
  void ownersWithoutANumberAreNotTakenForOne(String map, boolean followed) throws IOException {
    Files.setAttribute(shared, "unix:uid", OVERFLOW);
    Files.writeString(root.resolve("target"), "old");
    Path link = bench.link("shared/theirs", "../target");
    Files.setAttribute(link, "unix:uid", OVERFLOW, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    proc.put("/proc/self/uid_map", map);
    if (followed) {
      open("theirs", SafeConfig.confined(), CREATORS.get(0));
    } else {
      assertThatThrownBy(() -> open("theirs", SafeConfig.confined(), CREATORS.get(0)))
          .isInstanceOf(AccessDeniedException.class);
    }
    assertThat(root.resolve("target")).hasContent(followed ? "" : "old");
  }

  /** Who got the number that all have would be somebody else. */
  @ParameterizedTest
  @Tag("W4")
  @CsvSource({"uid", "gid"})
  void anOwnerWithoutANumberIsGivenNothing(String which) throws IOException {
    mode(shared, 0755);
    Path file = theirs(0);
    Files.setAttribute(file, "unix:" + which, OVERFLOW);
    proc.put("/proc/self/" + which + "_map", PART);
    assertThatThrownBy(() -> open("file", SafeConfig.confined(), CREATORS.get(0)))
        .isInstanceOf(GuaranteeUnavailableException.class)
        .hasMessageContaining("W4 (owner and group)");
    assertThat(file).hasContent("old");
    SafeConfig relaxed = SafeConfig.confined().with("strictness", Strictness.BEST_EFFORT);
    open("file", relaxed, CREATORS.get(0));
    assertThat(file).hasContent("");
  }
}

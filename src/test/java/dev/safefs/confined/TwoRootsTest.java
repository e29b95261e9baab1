package dev.safefs.confined;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.safefs.PathEscapeException;
import dev.safefs.PlayedProvider;
import dev.safefs.SafeFiles;
import dev.safefs.kernel.Kernel;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.spi.FileSystemProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Each operation with two paths, one in each of two confined file systems. */
@Tag("R1")
@Tag("R2")
@ParameterizedClass
@EnumSource(
    value = Kernel.class,
    names = {"WHOLE", "OLD"})
class TwoRootsTest {
  private final Kernel kernel;

  @TempDir Path temporary;
  private Ground ground;
  private FileSystemProvider provider;
  private FileSystem target;

  TwoRootsTest(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Takes the file {@code file} of one directory to {@code new}, or {@code file}, of another. */
  interface Pair {
    void between(Path from, Path to) throws Exception;
  }

  static Map<String, Pair> pairs() {
    Map<String, Pair> pairs = new LinkedHashMap<>();
    pairs.put("copy", (from, to) -> Files.copy(file(from), absent(to)));
    pairs.put(
        "copy over",
        (from, to) -> Files.copy(file(from), file(to), REPLACE_EXISTING, COPY_ATTRIBUTES));
    pairs.put("move", (from, to) -> Files.move(file(from), absent(to)));
    pairs.put("move over", (from, to) -> Files.move(file(from), file(to), REPLACE_EXISTING));
    pairs.put("atomic move", (from, to) -> Files.move(file(from), absent(to), ATOMIC_MOVE));
    pairs.put("link", (from, to) -> Files.createLink(absent(to), file(from)));
    pairs.put("same", (from, to) -> Files.isSameFile(file(from), file(to)));
    pairs.put("mismatch", (from, to) -> Files.mismatch(file(from), file(to)));
    pairs.put("safe copy", (from, to) -> SafeFiles.copy(file(from), absent(to)));
    pairs.put("safe move", (from, to) -> SafeFiles.move(file(from), absent(to)));
    pairs.put("exchange", (from, to) -> SafeFiles.exchange(file(from), file(to)));
    pairs.put("copy tree", (from, to) -> SafeFiles.copyTree(file(from), absent(to)));
    pairs.put("move tree", (from, to) -> SafeFiles.moveTree(file(from), absent(to)));
    pairs.put(
        "link pinned",
        (from, to) -> {
          try (var pinned = SafeFiles.pin(file(from))) {
            pinned.linkTo(absent(to));
          }
        });
    pairs.put(
        "move pinned",
        (from, to) -> {
          try (var pinned = SafeFiles.pin(file(from))) {
            pinned.moveTo(absent(to));
          }
        });
    pairs.put(
        "anonymous",
        (from, to) -> {
          try (var file = SafeFiles.anonymousFile(from)) {
            file.publish(absent(to));
          }
        });
    pairs.put(
        "streams",
        (from, to) -> {
          try (SecureDirectoryStream<Path> source = stream(from);
              SecureDirectoryStream<Path> sink = stream(to)) {
            source.move(
                from.getFileSystem().getPath("file"), sink, to.getFileSystem().getPath("new"));
          }
        });
    return pairs;
  }

  private static SecureDirectoryStream<Path> stream(Path directory) throws IOException {
    return (SecureDirectoryStream<Path>) Files.newDirectoryStream(directory);
  }

  private static Path file(Path directory) {
    return Operations.file(directory);
  }

  private static Path absent(Path directory) {
    return Operations.absent(directory);
  }

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    Files.writeString(ground.outside().resolve("file"), "outside");
    restock();
    ground.link("one/out", ground.outside().toString());
    ground.link("two/out", "../../outside");
    ground.link("one/inner", "in");
    ground.link("two/inner", "in");
    provider = PlayedProvider.over(kernel::over);
    target = open("two", "BENEATH");
  }

  private void restock() throws IOException {
    for (String in : new String[] {"one/in", "two/in"}) {
      Ground.remove(ground.host().resolve(in));
      ground.directory(in);
    }
  }

  private FileSystem open(String root, String links) throws IOException {
    return provider.newFileSystem(
        ground.host().resolve(root), Map.of("links", links, "durability", "NONE"));
  }

  @AfterEach
  void close() throws IOException {
    target.close();
  }

  @Test
  void eachSideIsConfinedOnItsOwn() throws Exception {
    String before = ground.outsideState();
    try (FileSystem source = open("one", "BENEATH")) {
      for (Map.Entry<String, Pair> pair : pairs().entrySet()) {
        for (String way : new String[] {"out", "..", "../two/in", "in/../../../outside"}) {
          refused(pair, source.getPath(way), target.getPath("in"));
          refused(pair, source.getPath("in"), target.getPath(way.replace("two", "one")));
        }
        assertThat(Files.readString(target.getPath("in/file"))).isEqualTo("two/in");
        assertThat(Files.readString(source.getPath("in/file"))).isEqualTo("one/in");
        pair.getValue().between(source.getPath("inner"), target.getPath("inner"));
        restock();
      }
    }
    assertThat(ground.outsideState()).isEqualTo(before);
  }

  @Test
  void eachSideHasThePolicyOfItsFileSystem() throws Exception {
    try (FileSystem source = open("one", "REFUSE")) {
      for (Map.Entry<String, Pair> pair : pairs().entrySet()) {
        refused(pair, source.getPath("inner"), target.getPath("inner"));
        refused(pair, target.getPath("inner"), source.getPath("inner"));
        pair.getValue().between(source.getPath("in"), target.getPath("inner"));
        restock();
      }
    }
  }

  @Test
  void aRootThatFoldsUpwardsTakesNothingOfTheOther() throws Exception {
    String before = ground.outsideState();
    try (FileSystem source = open("one", "IN_ROOT")) {
      for (Map.Entry<String, Pair> pair : pairs().entrySet()) {
        for (String way : new String[] {"out", "../two/in", "../../outside"}) {
          assertThatThrownBy(
                  () -> pair.getValue().between(source.getPath(way), target.getPath("in")))
              .as("%s %s", pair.getKey(), way)
              .isInstanceOf(IOException.class);
        }
        pair.getValue().between(source.getPath("../../in"), target.getPath("in"));
        restock();
      }
    }
    assertThat(ground.outsideState()).isEqualTo(before);
  }

  private static void refused(Map.Entry<String, Pair> pair, Path from, Path to) {
    assertThat(catchThrowable(() -> pair.getValue().between(from, to)))
        .as("%s %s %s", pair.getKey(), from, to)
        .isInstanceOf(PathEscapeException.class);
  }
}

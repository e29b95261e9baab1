package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Paths behave as the delegate's, twin by twin. */
class SafePathTest {
  private static final List<String> TEXTS =
      List.of(
          "",
          "/",
          "a",
          "/a",
          "a/b",
          "/a/b",
          "a//b/",
          "//a",
          ".",
          "..",
          "/..",
          "../a",
          "a/..",
          "/a/./b",
          "a/../b",
          "/a/../../b",
          "a b",
          "a%20b",
          "a!b",
          "ünï",
          "a.txt",
          ".hidden",
          "a/b/c/d",
          "/a/b/c/d",
          "...",
          "a\\b",
          "~",
          "\u65E5");

  private final FileSystem ambient = new SafeFileSystemProvider().ambient();

  static Stream<String> texts() {
    return TEXTS.stream();
  }

  static Stream<List<String>> pairs() {
    return TEXTS.stream().flatMap(a -> TEXTS.stream().map(b -> List.of(a, b)));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void aPathAnswersAsItsTwin(String text) {
    assertThat(describe(ambient.getPath(text))).isEqualTo(describe(Path.of(text)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void twoPathsAnswerAsTheirTwins(List<String> pair) {
    Path a = ambient.getPath(pair.get(0));
    Path b = ambient.getPath(pair.get(1));
    Path twinA = Path.of(pair.get(0));
    Path twinB = Path.of(pair.get(1));

    assertThat(relate(a, b)).isEqualTo(relate(twinA, twinB));
    assertThat(relate(a, b.toString())).isEqualTo(relate(twinA, twinB.toString()));
  }

  @Test
  void anAbsolutePathIsItsOwnAbsolutePath() {
    Path path = ambient.getPath("/a/../b");

    assertThat(path.toAbsolutePath()).isSameAs(path);
  }

  @Test
  void pathsOfTwoFileSystemsAreNeverEqualAndDoNotRelate(@TempDir Path dir) throws Exception {
    try (FileSystem confined = FileSystems.newFileSystem(dir, Map.of())) {
      Path path = ambient.getPath("/a");
      Path other = confined.getPath("/a");

      assertThat(path).isNotEqualTo(other).isNotEqualTo(Path.of("/a"));
      assertThat(path.startsWith(other)).isFalse();
      assertThat(path.endsWith(other)).isFalse();
      assertThat(path.startsWith(Path.of("/a"))).isFalse();
      assertThatThrownBy(() -> path.relativize(other))
          .isInstanceOf(ProviderMismatchException.class);
      assertThatThrownBy(() -> path.resolve(other)).isInstanceOf(ProviderMismatchException.class);
      assertThatThrownBy(() -> path.compareTo(Path.of("/a")))
          .isInstanceOf(ClassCastException.class);
    }
  }

  @Test
  void aConfinedRelativePathIsResolvedFromItsRoot(@TempDir Path dir) throws Exception {
    try (FileSystem confined = FileSystems.newFileSystem(dir, Map.of())) {
      assertThat(confined.getPath("a/b").toAbsolutePath()).hasToString("/a/b");
      assertThat(confined.getPath("").toAbsolutePath()).hasToString("/");
    }
  }

  @Test
  void nullsAreRefusedAsTheTwinDoes() {
    Path path = ambient.getPath("a");

    assertThatThrownBy(() -> path.startsWith((Path) null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> path.resolve((Path) null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> path.register(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void aPathIsNoFileOfTheDefaultFileSystem() {
    assertThatThrownBy(() -> ambient.getPath("/a").toFile())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aPathIsNeverWrappedTwice() {
    Path path = ambient.getPath("/a");

    assertThatThrownBy(() -> new SafePath((SafeFileSystem) ambient, path))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theDefaultProviderAnswersAsTheJdkDoes() {
    SafeDefaultFileSystemProvider provider =
        new SafeDefaultFileSystemProvider(FileSystems.getDefault().provider());
    Path path = provider.getPath(URI.create("file:///tmp/%FFx"));

    assertThat(path).isInstanceOf(SafePath.class);
    assertThat(path.toUri()).isEqualTo(URI.create("file:///tmp/%FFx"));
    assertThat(path.getFileSystem()).isSameAs(provider.getFileSystem(URI.create("file:///")));
    assertThatThrownBy(() -> provider.getFileSystem(URI.create("file:///tmp")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> provider.getPath(URI.create("safe:///tmp")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<String> describe(Path path) {
    List<String> facts = new ArrayList<>();
    facts.add(path.toString());
    facts.add("absolute " + path.isAbsolute() + " " + path.toAbsolutePath());
    facts.add(
        "root " + path.getRoot() + ", parent " + path.getParent() + ", name " + path.getFileName());
    facts.add("names " + path.getNameCount());
    path.forEach(name -> facts.add(name.toString()));
    facts.add("normal " + path.normalize());
    facts.add("last " + outcome(() -> path.getName(path.getNameCount() - 1)));
    facts.add("beyond " + outcome(() -> path.getName(path.getNameCount())));
    facts.add("sub " + outcome(() -> path.subpath(0, Math.min(2, path.getNameCount()))));
    facts.add("hash " + path.hashCode());
    return facts;
  }

  private static List<String> relate(Path a, Path b) {
    return List.of(
        "resolve " + a.resolve(b),
        "sibling " + a.resolveSibling(b),
        "relativize " + outcome(() -> a.relativize(b)),
        "starts " + a.startsWith(b),
        "ends " + a.endsWith(b),
        "equal " + a.equals(b),
        "order " + Integer.signum(a.compareTo(b)));
  }

  private static List<String> relate(Path a, String b) {
    return List.of(
        "resolve " + a.resolve(b),
        "sibling " + a.resolveSibling(b),
        "starts " + a.startsWith(b),
        "ends " + a.endsWith(b));
  }

  private static String outcome(Callable<Path> call) {
    try {
      return call.call().toString();
    } catch (Exception e) {
      return e.getClass().getName();
    }
  }
}

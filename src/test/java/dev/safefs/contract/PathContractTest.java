package dev.safefs.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

@OverRows
class PathContractTest extends Twins {
  private static final List<String> TEXTS =
      List.of(
          "", "/", "a", "a/b", "/a", "/a/b/c", ".", "..", "../a", "a/../b", "a/./b", "//a//b/",
          "a/", "ü/ñ", "a b", "a!b", "a%20b", "...");

  PathContractTest(Row row) {
    super(row);
  }

  @Test
  void pathsBehaveAsThoseOfTheJdk() throws Exception {
    for (String text : TEXTS) {
      sameOnBoth("path '" + text + "'", root -> describe(root.getFileSystem().getPath(text)));
      for (String other : TEXTS) {
        sameOnBoth(
            "paths '" + text + "' and '" + other + "'",
            root -> {
              FileSystem fs = root.getFileSystem();
              return compare(fs.getPath(text), fs.getPath(other), other);
            });
      }
    }
  }

  private static List<Object> describe(Path path) {
    List<Object> seen = new ArrayList<>();
    seen.add(path.toString());
    seen.add(path.isAbsolute());
    seen.add(String.valueOf(path.getRoot()));
    seen.add(String.valueOf(path.getFileName()));
    seen.add(String.valueOf(path.getParent()));
    seen.add(path.getNameCount());
    seen.add(path.normalize().toString());
    for (Path name : path) {
      seen.add(name.toString());
    }
    for (int i = 0; i < path.getNameCount(); i++) {
      seen.add(path.getName(i).toString());
      seen.add(path.subpath(i, path.getNameCount()).toString());
    }
    seen.add(path.toAbsolutePath().isAbsolute());
    seen.add(path.toAbsolutePath().endsWith(path.normalize()) || path.toString().isEmpty());
    return seen;
  }

  private static List<Object> compare(Path path, Path other, String text) {
    List<Object> seen = new ArrayList<>();
    seen.add(path.equals(other));
    seen.add(path.hashCode() == other.hashCode());
    seen.add(Integer.signum(path.compareTo(other)));
    seen.add(path.startsWith(other));
    seen.add(path.endsWith(other));
    seen.add(path.startsWith(text));
    seen.add(path.endsWith(text));
    seen.add(path.resolve(other).toString());
    seen.add(path.resolve(text).toString());
    seen.add(path.resolveSibling(other).toString());
    try {
      seen.add(path.relativize(other).toString());
    } catch (IllegalArgumentException e) {
      seen.add("cannot relativize");
    }
    return seen;
  }

  @Test
  void fileSystemsBehaveAsThatOfTheJdk() throws Exception {
    sameOnBoth("separator", root -> root.getFileSystem().getSeparator());
    sameOnBoth(
        "views",
        root -> List.copyOf(new TreeSet<>(root.getFileSystem().supportedFileAttributeViews())));
    sameOnBoth(
        "open", root -> root.getFileSystem().isOpen() + " " + root.getFileSystem().isReadOnly());
    sameOnBoth(
        "root", root -> root.getFileSystem().getRootDirectories().iterator().next().toString());
    sameOnBoth(
        "user",
        root -> root.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("root"));
    sameOnBoth(
        "no user",
        root ->
            root.getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName("no such user"));
    for (String pattern :
        List.of("glob:*.java", "regex:.*\\.java", "glob:{a,b}*", "glob:[", "nosuch:x", "*.java")) {
      sameOnBoth(
          pattern,
          root ->
              root.getFileSystem()
                  .getPathMatcher(pattern)
                  .matches(root.getFileSystem().getPath("a.java")));
    }
    if (row().mayRefuseContent()) {
      return; // without procfs the JDK itself knows no stores
    }
    sameOnBoth("stores", root -> root.getFileSystem().getFileStores().iterator().hasNext());
  }

  @Test
  void absolutePathsAreTheirOwnAbsolutePath() throws Exception {
    onSafeFs(
        root -> {
          Path absolute = root.resolve("x");
          assertThat(absolute.toAbsolutePath()).isSameAs(absolute);
          assertThat(root.getFileSystem().provider().getPath(absolute.toUri())).isEqualTo(absolute);
          return "";
        });
  }
}

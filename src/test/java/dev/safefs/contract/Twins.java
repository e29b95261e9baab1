package dev.safefs.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.InMemory;
import dev.safefs.JdkPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The base of contract tests: does the same to two twin trees, one through the JDK's provider and
 * one through SafeFS, and compares the outcome (a value, or the class of the exception) and what is
 * left of the trees.
 */
abstract class Twins {
  private static final String REFUSED = "threw " + GuaranteeUnavailableException.class.getName();

  private final Row row;
  private Path work;

  Twins(Row row) {
    this.row = row;
  }

  /** Something a program does. */
  interface Action {
    /**
     * Does it.
     *
     * @param root the tree, on whichever provider
     * @return what the program sees, to be compared
     */
    Object on(Path root) throws Exception;
  }

  @BeforeEach
  void makeRoom() throws IOException {
    Path place = Path.of(System.getProperty("safefs.contract.dir", InMemory.place().toString()));
    work = Files.createTempDirectory(JdkPaths.of(place), "safefs-contract");
  }

  @AfterEach
  void removeAll() throws IOException {
    Tree.remove(work);
  }

  /** Does it to both trees and compares; returns the common outcome. */
  final String sameOnBoth(String what, Action action) throws Exception {
    Outcome jdk = onJdk(action);
    Outcome safe = onSafeFs(action);
    if (row.mayRefuseContent() && safe.seen().equals(REFUSED)) {
      assertThat(safe.left()).as("%s: tree after a refusal", what).isEqualTo(planted());
      return safe.seen();
    }
    assertThat(safe.seen()).as("%s: outcome", what).isEqualTo(jdk.seen());
    assertThat(safe.left()).as("%s: tree", what).isEqualTo(jdk.left());
    return safe.seen();
  }

  private String planted() throws Exception {
    return onJdk(root -> "nothing").left();
  }

  final Outcome onJdk(Action action) throws Exception {
    Path tree = Files.createDirectory(work.resolve("jdk"));
    try {
      Tree.plant(tree);
      String seen = see(action, tree);
      return new Outcome(seen, Tree.snapshot(tree));
    } finally {
      Tree.remove(tree);
    }
  }

  final Outcome onSafeFs(Action action) throws Exception {
    Path tree = Files.createDirectory(work.resolve("safe"));
    try {
      Tree.plant(tree);
      try (Row.Mounted mounted = row.mount(tree)) {
        String seen = see(action, mounted.root());
        return new Outcome(seen, Tree.snapshot(tree));
      }
    } finally {
      Tree.remove(tree);
    }
  }

  /** Tells whether trees are planted without links here. */
  final boolean isWithoutLinks() throws Exception {
    return !onJdk(root -> root).left().contains("link: ->");
  }

  /** The row this class runs on. */
  final Row row() {
    return row;
  }

  /**
   * What an action came to.
   *
   * @param seen value or exception class
   * @param left the tree afterwards
   */
  record Outcome(String seen, String left) {}

  private static String see(Action action, Path root) {
    try {
      return text(action.on(root), root);
    } catch (Exception e) {
      return "threw " + e.getClass().getName();
    }
  }

  private static String text(Object value, Path root) {
    if (value instanceof Path path) {
      return path.isAbsolute() && path.startsWith(root)
          ? "root/" + root.relativize(path)
          : "path " + path;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, String> sorted = new TreeMap<>();
      map.forEach((key, element) -> sorted.put(String.valueOf(key), text(element, root)));
      return sorted.toString();
    }
    if (value instanceof Collection<?> all) {
      return all.stream().map(element -> text(element, root)).toList().toString();
    }
    if (value instanceof Optional<?> optional) {
      return optional.map(element -> text(element, root)).orElse("nothing");
    }
    if (value instanceof byte[] bytes) {
      return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
    return String.valueOf(value);
  }
}

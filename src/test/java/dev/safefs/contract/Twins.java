package dev.safefs.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.Guarantees;
import dev.safefs.SafeFileSystem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The base of contract tests: does the same to two twin trees, one through what lies under SafeFS
 * and one through SafeFS, and compares the outcome (a value, or the class of the exception) and
 * what is left of the trees.
 *
 * <p>What lies under SafeFS is the JDK's provider, or another one. Then SafeFS does as that one
 * does, or there is a {@link Reason}.
 */
abstract class Twins {
  private static final String REFUSED = "threw " + GuaranteeUnavailableException.class.getName();

  private final Row row;
  private Room room;
  private int number;

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
    room = row.room();
  }

  @AfterEach
  void removeAll() throws IOException {
    room.close();
  }

  /** Does it to both trees and compares. */
  final void sameOnBoth(String what, Action action) throws Exception {
    sameOnBoth(what, Need.NOTHING, action);
  }

  /**
   * Does it to both trees and compares, with what it needs that not everyone has. On a row that is
   * sampled only one in so many is done.
   */
  final void sameOnBoth(String what, Need need, Action action) throws Exception {
    if (number++ % row.step() != 0) {
      return;
    }
    Outcome plain = onDelegate(action);
    Outcome safe = onSafeFs(action);
    if (row.mayRefuseContent() && safe.seen().equals(REFUSED)) {
      assertThat(safe.left()).as("%s: tree after a refusal", what).isEqualTo(planted());
      return;
    }
    if (room.isOfJdk()) {
      assertThat(safe.seen()).as("%s: outcome", what).isEqualTo(plain.seen());
      assertThat(safe.left()).as("%s: tree", what).isEqualTo(plain.left());
    } else if (!safe.equals(plain)) {
      Judged judged = new Judged(safe, plain, onJdk(action), need);
      assertThat(Reason.of(judged))
          .as("%s: %s, neither %s nor %s", what, safe, plain, judged.jdk())
          .isNotEmpty();
    }
  }

  private String planted() throws Exception {
    return onDelegate(root -> "nothing").left();
  }

  /** Does it through the JDK's provider. */
  final Outcome onJdk(Action action) throws Exception {
    if (room.isOfJdk()) {
      return onDelegate(action);
    }
    try (Room other = Room.ofMachine()) {
      return without(action, Files.createDirectory(other.work().resolve("jdk")));
    }
  }

  /** Does it through what lies under SafeFS. */
  private Outcome onDelegate(Action action) throws Exception {
    return without(action, Files.createDirectory(room.work().resolve("jdk")));
  }

  private Outcome without(Action action, Path tree) throws Exception {
    try {
      Tree.plant(tree);
      String seen = see(action, tree);
      return Outcome.of(seen, tree);
    } finally {
      Tree.remove(tree);
    }
  }

  final Outcome onSafeFs(Action action) throws Exception {
    Path tree = Files.createDirectory(room.work().resolve("safe"));
    try {
      Tree.plant(tree);
      try (Row.Mounted mounted = row.mount(tree)) {
        String seen = see(action, mounted.root());
        return Outcome.of(seen, tree);
      }
    } finally {
      Tree.remove(tree);
    }
  }

  /**
   * What an operation needs that not every file system has: a view, or a promise, by its subject.
   */
  record Need(String view, String promise) {
    static final Need NOTHING = new Need("basic", "");

    static Need view(String attributes) {
      int colon = attributes.indexOf(':');
      return new Need(colon < 0 ? "basic" : attributes.substring(0, colon), "");
    }

    static Need promise(String subject) {
      return new Need("basic", subject);
    }
  }

  /** An outcome over another provider than the JDK's. */
  private final class Judged implements Reason.Case {
    private final Outcome safe;
    private final Outcome plain;
    private final Outcome jdk;
    private final Need need;

    Judged(Outcome safe, Outcome plain, Outcome jdk, Need need) {
      this.safe = safe;
      this.plain = plain;
      this.jdk = jdk;
      this.need = need;
    }

    @Override
    public Outcome safe() {
      return safe;
    }

    @Override
    public Outcome delegate() {
      return plain;
    }

    @Override
    public Outcome jdk() {
      return jdk;
    }

    @Override
    public boolean lacksView() {
      return !room.work().getFileSystem().supportedFileAttributeViews().contains(need.view);
    }

    @Override
    public boolean lacksPromise() throws Exception {
      String state =
          onSafeFs(
                  root ->
                      ((SafeFileSystem) root.getFileSystem())
                          .guarantees(root).all().stream()
                              .filter(guarantee -> need.promise.equals(guarantee.subject()))
                              .map(Guarantees.Guarantee::state)
                              .toList())
              .seen();
      return state.equals("[UNAVAILABLE]");
    }

    @Override
    public boolean foldsCase() throws Exception {
      return onDelegate(root -> Files.exists(root.resolve("FILE"))).seen().equals("true");
    }

    @Override
    public boolean isUntouched() throws Exception {
      return safe.left().equals(planted());
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
   * @param bare the same without what the defaults of a file system decide
   */
  record Outcome(String seen, String left, String bare) {
    static Outcome of(String seen, Path tree) throws IOException {
      return new Outcome(
          seen, Tree.snapshot(tree, Tree.Shows.of(tree)), Tree.snapshot(tree, Set.of()));
    }
  }

  private static String see(Action action, Path root) {
    try {
      return text(action.on(root), root);
    } catch (FileSystemLoopException e) {
      // The same with a name of its own.
      return "threw " + FileSystemException.class.getName();
    } catch (Exception e) {
      return "threw " + e.getClass().getName();
    }
  }

  private static String text(Object value, Path root) {
    if (value instanceof Path path) {
      return path.isAbsolute() && path.startsWith(root)
          ? "root/" + Tree.plain(root.relativize(path))
          : "path " + Tree.plain(path);
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
    return value instanceof WatchKey ? "a key" : String.valueOf(value);
  }
}

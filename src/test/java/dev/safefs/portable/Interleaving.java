package dev.safefs.portable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Guarantees;
import dev.safefs.LinkPolicy;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Runs an operation once for each of the delegate's calls that it makes, with an attack before that
 * call: every interleaving with an attack that is one step, and no timing.
 */
final class Interleaving {
  private static final int MOST_CALLS = 1_000;

  private final Ground ground;
  private final Step prepare;

  private Interleaving(Ground ground, Step prepare) {
    this.ground = ground;
    this.prepare = prepare;
  }

  /** A bench with a directory {@code outside} beside its root. */
  record Scene(
      Bench bench, FileSystemProvider delegate, Path outside, AtomicReference<String> notes) {
    /** Notes something for the look in the end, also of an operation that fails afterwards. */
    void note(String text) {
      notes.set(text);
    }

    String noted() {
      return notes.get();
    }

    int outsideNames() throws IOException {
      try (Stream<Path> entries = Files.list(outside)) {
        return (int) entries.count();
      }
    }

    Path path(String name) {
      return bench.path(name);
    }

    String content(String name) throws IOException {
      return Files.isRegularFile(path(name)) ? bench.content(name) : "none";
    }
  }

  /** Something to be done. */
  interface Step {
    void on(Scene scene) throws IOException;
  }

  /** Tells whether a promise was broken. */
  interface Look {
    boolean isBroken(Scene scene) throws IOException;
  }

  /**
   * What became of one run.
   *
   * @param when before which call the attack was
   * @param broken whether the promise was
   * @param failure what the operation told
   */
  record Outcome(String when, boolean broken, Optional<IOException> failure) {}

  /** Attacks before the n-th call. */
  private static final class Attacker implements FilteringProvider.Filter {
    private int left = Integer.MAX_VALUE;
    private String when = "";
    private Step attack = scene -> {};
    private Step undo = scene -> {};
    private Optional<Scene> scene = Optional.empty();

    @Override
    public void before(String call) throws IOException {
      if (--left == -1) {
        undo.on(scene.orElseThrow());
      }
      if (left == 0) {
        when = call;
        try {
          attack.on(scene.orElseThrow());
        } catch (FileSystemException e) {
          // The delegate does not allow it at this moment.
          when = call + ", no attack";
        }
      }
    }
  }

  static Interleaving of(Ground ground, Step prepare) {
    return new Interleaving(ground, prepare);
  }

  /** Attacks once in each run, and looks in the end. */
  List<Outcome> attacked(Step operation, Step attack, Look look) throws IOException {
    return attackedAndUndone(operation, attack, scene -> {}, look);
  }

  /** As {@link #attacked}, and undoes it before the next call. */
  List<Outcome> attackedAndUndone(Step operation, Step attack, Step undo, Look look)
      throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (int n = 1; n < MOST_CALLS; n++) {
      Attacker attacker = new Attacker();
      attacker.attack = attack;
      attacker.undo = undo;
      Outcome outcome = run(attacker, n, operation, look);
      if (attacker.when.isEmpty()) {
        assertThat(outcomes).as("attacks; without one: %s", outcome).isNotEmpty();
        return outcomes;
      }
      outcomes.add(outcome);
    }
    throw new AssertionError("takes more than " + MOST_CALLS + " calls");
  }

  /** Looks before each call. */
  List<Outcome> watched(Step operation, Look look) throws IOException {
    List<Outcome> outcomes =
        attacked(
            operation,
            scene -> {
              if (look.isBroken(scene)) {
                Files.createFile(scene.outside().resolve("broken"));
              }
            },
            scene -> Files.exists(scene.outside().resolve("broken")));
    assertThat(outcomes).allSatisfy(each -> assertThat(each.failure()).isEmpty());
    return outcomes;
  }

  private Outcome run(Attacker attacker, int n, Step operation, Look look) throws IOException {
    Path top = ground.open();
    try {
      FilteringProvider provider = new FilteringProvider(top.getFileSystem().provider(), attacker);
      Path root = Files.createDirectory(top.resolve("root"));
      Path outside = Files.createDirectory(top.resolve("outside"));
      try (Bench bench = Bench.over(root, provider, LinkPolicy.BENEATH)) {
        Scene scene = new Scene(bench, provider, outside, new AtomicReference<>(""));
        prepare.on(scene);
        attacker.scene = Optional.of(scene);
        attacker.left = n;
        Optional<IOException> failure = Optional.empty();
        try {
          operation.on(scene);
        } catch (IOException e) {
          failure = Optional.of(e);
        }
        attacker.left = Integer.MAX_VALUE;
        return new Outcome(n + ", " + attacker.when, look.isBroken(scene), failure);
      }
    } finally {
      ground.discard(top);
    }
  }

  /**
   * Asks for the guarantee. What is kept is never broken, what is detected is told when it is, by
   * an exception whose type says more than that something failed.
   */
  static void assertHolds(Ground ground, String promise, List<Outcome> outcomes)
      throws IOException {
    Guarantees.State state = Answers.of(ground, promise);
    for (Outcome outcome : outcomes) {
      if (outcome.broken()) {
        assertThat(state).as(outcome.toString()).isEqualTo(Guarantees.State.DETECTED);
        assertThat(outcome.failure()).as(outcome.toString()).isPresent();
        assertThat(outcome.failure().orElseThrow().getClass())
            .as(outcome.toString())
            .isNotIn(IOException.class, FileSystemException.class);
      }
    }
  }

  /** The control: the delegate itself, asked before it acts, breaks it and says nothing. */
  static void assertBreaks(List<Outcome> control) {
    assertThat(control)
        .anySatisfy(
            outcome -> {
              assertThat(outcome.broken()).isTrue();
              assertThat(outcome.failure()).isEmpty();
            });
  }
}

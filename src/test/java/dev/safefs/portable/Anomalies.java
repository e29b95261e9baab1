package dev.safefs.portable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.LinkPolicy;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Runs an operation with its first, second, third … call of the delegate failing. */
final class Anomalies {
  private static final int MOST_CALLS = 2_000;

  /**
   * Of failures that no call declares one in how many is raised: a sample in a newcomer's build.
   */
  private static final int STEP = Integer.getInteger("safefs.anomalies.step", 4);

  private static final String RAISED = "raised by a call";

  private final Ground ground;
  private final Operation prepare;

  private final Delegate delegate;

  private Anomalies(Ground ground, Operation prepare, Delegate delegate) {
    this.ground = ground;
    this.prepare = prepare;
    this.delegate = delegate;
  }

  /** Makes what fails, and opens an engine over it. */
  interface Delegate {
    /** Wraps a provider. */
    FilteringProvider over(FileSystemProvider inner, FilteringProvider.Filter filter);

    /** Opens an engine. */
    default Bench open(Path root, FilteringProvider provider) throws IOException {
      return Bench.over(root, provider, LinkPolicy.BENEATH);
    }
  }

  /** Something to be done with a failure in it. */
  interface Operation {
    void on(Bench bench) throws IOException;
  }

  /** What a call fails with. */
  private enum Failure {
    /** What calls declare. */
    CHECKED,
    /** What a provider's own mistake, or its refusal, comes as. */
    UNCHECKED,
    /** As where memory, or the stack, ends within the provider. */
    ERROR;

    void raise(String call) throws IOException {
      // A directory that is closed declares all that it throws.
      switch (call.equals("stream.close") ? CHECKED : this) {
        case CHECKED ->
            throw call.startsWith("channel.")
                ? new IOException(call + ": Input/output error")
                : new FileSystemException(
                    "the delegate's path", null, call + ": Input/output error");
        case UNCHECKED -> throw new SecurityException(RAISED);
        case ERROR -> throw new OutOfMemoryError(RAISED);
      }
    }
  }

  /** Fails the n-th call, once. */
  private static final class FailOnce implements FilteringProvider.Filter {
    private final Failure failure;
    private int left = Integer.MAX_VALUE;
    private String failed = "";

    FailOnce(Failure failure) {
      this.failure = failure;
    }

    @Override
    public void before(String call) throws IOException {
      if (--left == 0) {
        failed = call;
        failure.raise(call);
      }
    }
  }

  /** Returns a run that begins with what is prepared without failures. */
  static Anomalies of(Ground ground, Operation prepare) {
    return of(ground, prepare, FilteringProvider::new);
  }

  /** Returns the same over another delegate. */
  static Anomalies of(Ground ground, Operation prepare, Delegate delegate) {
    return new Anomalies(ground, prepare, delegate);
  }

  /**
   * Fails each call in turn, until the operation needs no more of them; with what calls do not
   * declare each one with {@code -Dsafefs.anomalies.step=1}.
   *
   * @param old what is there before, and may be there if the operation fails
   * @param acceptable what else may be there in the end, of which the first one only after success
   *     without a failure
   */
  void run(Operation operation, String old, String... acceptable) throws IOException {
    for (Failure failure : Failure.values()) {
      int n = 1;
      while (fails(new FailOnce(failure), n, operation, old, List.of(acceptable))) {
        n += failure == Failure.CHECKED ? 1 : STEP;
        assertThat(n).as("calls that it takes").isLessThan(MOST_CALLS);
      }
    }
  }

  /** Returns whether a call failed. */
  private boolean fails(
      FailOnce filter, int n, Operation operation, String old, List<String> acceptable)
      throws IOException {
    Path root = ground.open();
    FilteringProvider provider = delegate.over(root.getFileSystem().provider(), filter);
    try {
      boolean isDone;
      try (Bench bench = delegate.open(root, provider)) {
        prepare.on(bench);
        filter.left = n;
        isDone = isDone(operation, bench);
        filter.left = Integer.MAX_VALUE;
      }
      String where = "call " + n + " failed: " + filter.failed + ", " + filter.failure;
      String state = state(root);
      Set<String> all = new TreeSet<>(acceptable);
      all.add(old);
      assertThat(state).as(where).isIn(all);
      if (isDone && !acceptable.isEmpty()) {
        assertThat(state).as("success, " + where).isEqualTo(acceptable.get(0));
      }
      assertThat(provider.open()).as("left open, " + where).isEmpty();
      return !filter.failed.isEmpty();
    } finally {
      ground.discard(root);
    }
  }

  private static boolean isDone(Operation operation, Bench bench) {
    try {
      operation.on(bench);
      return true;
    } catch (IOException e) {
      assertThat(e.toString()).doesNotContain("the delegate's path");
      return false;
    } catch (SecurityException | OutOfMemoryError e) {
      assertThat(e).hasMessage(RAISED);
      return false;
    }
  }

  /** Returns all names under a directory with what they are. */
  private static String state(Path root) throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    try (Stream<Path> entries = Files.walk(root)) {
      for (Path entry : entries.skip(1).toList()) {
        String content =
            Files.isSymbolicLink(entry)
                ? "->" + Files.readSymbolicLink(entry)
                : Files.isDirectory(entry) ? "dir" : Files.readString(entry);
        files.put(root.relativize(entry).toString().replace('\\', '/'), content);
      }
    }
    return files.toString();
  }
}

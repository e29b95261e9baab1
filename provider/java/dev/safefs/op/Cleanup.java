package dev.safefs.op;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Clean-up on the way out of a failure: what fails then is suppressed onto the first failure. */
public final class Cleanup {

  private Cleanup() {}

  /** Closes a resource because of a failure. */
  public static void close(AutoCloseable resource, Throwable failure) {
    try {
      resource.close();
    } catch (Exception | Error e) {
      suppress(failure, e);
    }
  }

  /**
   * Takes all steps, whatever fails, and throws the first failure with the others suppressed. What
   * the JVM throws is thrown as another object, with the first as its cause.
   */
  public static void all(Step... steps) throws IOException {
    Throwable first = null;
    for (Step step : steps) {
      try {
        step.take();
      } catch (IOException | RuntimeException | Error e) {
        first = first == null ? e : suppress(first, e);
      }
    }
    rethrow(first);
  }

  /** Takes a step, and once more if it failed: what happens once is to leave nothing behind. */
  static void twice(Step step) throws IOException {
    try {
      step.take();
    } catch (IOException | RuntimeException | Error e) {
      try {
        step.take();
      } catch (IOException | RuntimeException | Error again) {
        suppress(e, again);
        throw e;
      }
    }
  }

  /** Adds a later failure to the first, which it may be itself. */
  static Throwable suppress(Throwable first, Throwable next) {
    if (first != next) {
      first.addSuppressed(next);
    }
    return first;
  }

  /** Throws a failure as what it is, if there is one. */
  static void rethrow(@Nullable Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw anew(e);
    }
  }

  /**
   * Returns an error of the JVM as an object of its own. The JVM has few of them and throws the
   * last again and again: what closes may meet the one that it is closed for, and
   * try-with-resources, which is to suppress the one onto the other, would fail itself.
   */
  private static Error anew(Error e) {
    if (e instanceof OutOfMemoryError) {
      return caused(new OutOfMemoryError(e.getMessage()), e);
    }
    if (e instanceof StackOverflowError) {
      return caused(new StackOverflowError(e.getMessage()), e);
    }
    return e;
  }

  private static Error caused(Error error, Error cause) {
    error.initCause(cause);
    return error;
  }

  /** One thing to be done on the way out. */
  @FunctionalInterface
  public interface Step {
    /** Does it. */
    void take() throws IOException;
  }

  /**
   * Resources that are closed, last first, unless what they are for succeeds and takes them over.
   */
  static final class Scope implements AutoCloseable {
    private final Deque<Step> steps = new ArrayDeque<>();

    /** Adds a resource and returns it. */
    <R extends AutoCloseable> R add(R resource) {
      steps.push(() -> closeUnchecked(resource));
      return resource;
    }

    /** Leaves all to someone else. */
    void release() {
      steps.clear();
    }

    @Override
    public void close() throws IOException {
      all(steps.toArray(Step[]::new));
    }

    private static void closeUnchecked(AutoCloseable resource) throws IOException {
      try {
        resource.close();
      } catch (IOException | RuntimeException | Error e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}

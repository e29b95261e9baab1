package dev.safefs.portable;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.PathEscapeException;
import dev.safefs.RaceDetectedException;
import dev.safefs.handle.DelegateFailures;
import dev.safefs.handle.Refusal;
import java.io.IOException;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Gives the delegate's exceptions the user's path: those it makes show where the root is. Promise
 * R4.
 */
final class Failures {

  private Failures() {}

  /** A call of the delegate. */
  @FunctionalInterface
  interface Call<T> {
    /** Makes it. */
    T make() throws IOException;
  }

  /** A call of the delegate that returns nothing. */
  @FunctionalInterface
  interface Step {
    /** Makes it. */
    void make() throws IOException;
  }

  /** Makes a call; its failures show nothing but the user's path. */
  static <T> T shown(String display, Call<T> call) throws IOException {
    try {
      return call.make();
    } catch (IOException e) {
      throw rewrite(e, display);
    } catch (ClosedDirectoryStreamException e) {
      throw new ClosedFileSystemException();
    }
  }

  /** Makes a call, as {@link #shown} does. */
  static void run(String display, Step step) throws IOException {
    shown(
        display,
        () -> {
          step.make();
          return display;
        });
  }

  /**
   * Makes a call after a change, with a second try for a failure that happens once: without it
   * nobody would know what to take back, or something would be left.
   */
  static <T> T withSecondTry(Call<T> look) throws IOException {
    try {
      return look.make();
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      try {
        return look.make();
      } catch (IOException | RuntimeException | Error again) {
        suppress(e, again);
        throw e;
      }
    }
  }

  /**
   * Returns what was got by a name that still leads where it did, else a race. Closes it if there
   * is no telling.
   */
  static <T> T checked(T result, Call<Boolean> stillThere, String reason) throws IOException {
    try {
      if (withSecondTry(stillThere)) {
        return result;
      }
      throw race(reason);
    } catch (IOException | RuntimeException | Error e) {
      if (result instanceof AutoCloseable open) {
        close(open, e);
      }
      throw e;
    }
  }

  /** Returns an exception of the same meaning that shows nothing but the user's path. */
  static IOException rewrite(IOException failure, String display) {
    if (failure instanceof RaceDetectedException race && race.getFile().isEmpty()) {
      RaceDetectedException shown = new RaceDetectedException(display, null, race.getReason());
      shown.setStackTrace(failure.getStackTrace());
      return shown;
    }
    if (isOurs(failure)) {
      return failure;
    }
    IOException shown = DelegateFailures.rewrite(failure, display);
    if (shown.getClass() != IOException.class) {
      return shown;
    }
    FileSystemException named = new FileSystemException(display, null, shown.getMessage());
    named.setStackTrace(failure.getStackTrace());
    return named;
  }

  /** Closes a resource because of a failure. */
  static void close(AutoCloseable resource, Throwable failure) {
    try {
      resource.close();
    } catch (Exception | Error e) {
      suppress(failure, e);
    }
  }

  /** Adds a later failure to the first, which it may be itself. */
  private static void suppress(Throwable first, Throwable next) {
    if (first != next) {
      first.addSuppressed(next);
    }
  }

  /** Returns a race whose path is filled in by {@link #rewrite}. */
  static RaceDetectedException race(String reason) {
    return new RaceDetectedException("", null, reason);
  }

  private static boolean isOurs(IOException failure) {
    return failure instanceof RaceDetectedException
        || failure instanceof PathEscapeException
        || failure instanceof GuaranteeUnavailableException
        || Refusal.BUSY.isIn(failure);
  }
}

package dev.safefs.portable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Tries again, for a quarter of a second at most, where Windows refuses because the file is open
 * elsewhere, such as in a virus scanner: {@code ERROR_SHARING_VIOLATION}, and {@code
 * ERROR_ACCESS_DENIED} for a file whose deletion is pending. Not run on Windows.
 */
final class Patience {
  private static final int TRIES = 8;
  private static final long FIRST_PAUSE_MILLISECONDS = 1;

  private final Set<Trait> traits;

  Patience(Set<Trait> traits) {
    this.traits = traits;
  }

  /** Makes a call that changes nothing when it fails. */
  <T> T call(Failures.Call<T> call) throws IOException {
    long pause = FIRST_PAUSE_MILLISECONDS;
    for (int attempt = 1; ; attempt++) {
      try {
        return call.make();
      } catch (FileSystemException e) {
        if (attempt == TRIES || !isOpenElsewhere(e) || !pause(pause)) {
          throw e;
        }
      }
      pause *= 2;
    }
  }

  /** Makes a call that changes nothing when it fails. */
  void run(Failures.Step step) throws IOException {
    call(
        () -> {
          step.make();
          return traits;
        });
  }

  private boolean isOpenElsewhere(FileSystemException e) {
    return traits.contains(Trait.WINDOWS)
        && (e instanceof AccessDeniedException || isSharingViolation(e));
  }

  private static boolean isSharingViolation(FileSystemException e) {
    String reason = e.getReason();
    return reason != null
        && reason.toLowerCase(Locale.ROOT).contains("being used by another process");
  }

  /** Returns false if the thread is interrupted, and leaves it so. */
  private static boolean pause(long milliseconds) {
    try {
      TimeUnit.MILLISECONDS.sleep(milliseconds);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

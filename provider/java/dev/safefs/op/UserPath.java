package dev.safefs.op;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.RaceDetectedException;
import dev.safefs.SourceChangedException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * Gives the failures of a file that has no name yet, or a staged one, the path that the user gave.
 * Promise K3.
 */
final class UserPath {

  private UserPath() {}

  /** Something that fails with a path of ours. */
  @FunctionalInterface
  interface Call<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /** Runs a call whose failures are to show a path. */
  static <T> T in(String path, Call<T> call) throws IOException {
    try {
      return call.run();
    } catch (FileSystemException e) {
      throw named(e, path);
    }
  }

  /** Runs steps whose failures are to show a path. */
  static void of(String path, Cleanup.Step step) throws IOException {
    in(
        path,
        () -> {
          step.take();
          return path;
        });
  }

  /**
   * Runs steps on two paths, whose failures are to show both or one of them: the target's where
   * they show another.
   */
  static void of(Place source, Place target, Cleanup.Step step) throws IOException {
    try {
      step.take();
    } catch (FileSystemException e) {
      boolean ofSource = source.display().equals(e.getFile());
      boolean hasBoth =
          (ofSource || target.display().equals(e.getFile()))
              && (source.display().equals(e.getOtherFile())
                  || target.display().equals(e.getOtherFile()));
      throw hasBoth ? e : named(e, (ofSource ? source : target).display());
    }
  }

  /** Runs steps whose failures are to show a path where they show a name that nobody gave. */
  static void orHidden(String path, Cleanup.Step step) throws IOException {
    try {
      step.take();
    } catch (FileSystemException e) {
      throw isHidden(e.getFile())
          ? named(e, path)
          : isHidden(e.getOtherFile()) ? named(e, e.getFile()) : e;
    }
  }

  private static boolean isHidden(@Nullable String path) {
    return path != null && TempNames.isWithin(path);
  }

  /**
   * Runs steps on what is in a private directory and goes back to the user's path if they fail.
   *
   * @param hidden its path there
   */
  static void beneath(String hidden, String path, Cleanup.Step step) throws IOException {
    try {
      step.take();
    } catch (FileSystemException e) {
      String file = e.getFile();
      boolean isHidden = file != null && file.startsWith(hidden);
      throw isHidden ? named(e, path + file.substring(hidden.length())) : e;
    }
  }

  /**
   * Returns a failure of the same class that shows a path, with the given one as its cause. Of a
   * race it also shows the other name: where a file is that was kept. Promise D1.
   */
  static FileSystemException named(FileSystemException failure, String path) {
    Class<?> kind = failure.getClass();
    boolean hasTwo = kind == RaceDetectedException.class || kind == SourceChangedException.class;
    boolean isComplete = failure.getOtherFile() == null || hasTwo;
    if (path.equals(failure.getFile()) && isComplete) {
      return failure;
    }
    String reason = failure.getReason();
    FileSystemException named;
    if (kind == FileSystemException.class
        || kind == NoSuchFileException.class
        || kind == AccessDeniedException.class) {
      return common(failure, path, null);
    } else if (kind == GuaranteeUnavailableException.class) {
      named = new GuaranteeUnavailableException(path, null, String.valueOf(reason));
    } else if (kind == SourceChangedException.class) {
      named = new SourceChangedException(path, failure.getOtherFile(), String.valueOf(reason));
    } else if (kind == RaceDetectedException.class) {
      named = new RaceDetectedException(path, other(failure, path), String.valueOf(reason));
    } else {
      return failure;
    }
    named.initCause(failure);
    return named;
  }

  /**
   * Returns a failure of the same class that shows both paths of a call, as the JDK's do where the
   * kernel was given both. One of a class of ours is complete as it is.
   */
  static FileSystemException both(FileSystemException failure, Place first, Place second) {
    return common(failure, first.display(), second.display());
  }

  private static FileSystemException common(
      FileSystemException failure, String path, @Nullable String other) {
    Class<?> kind = failure.getClass();
    FileSystemException named;
    if (kind == FileSystemException.class) {
      named = new FileSystemException(path, other, failure.getReason());
    } else if (kind == NoSuchFileException.class) {
      named = new NoSuchFileException(path, other, failure.getReason());
    } else if (kind == AccessDeniedException.class) {
      named = new AccessDeniedException(path, other, failure.getReason());
    } else {
      return failure;
    }
    named.initCause(failure);
    return named;
  }

  /**
   * Of two names the one that is not the user's: a race while a file is put back shows its first.
   */
  private static @Nullable String other(FileSystemException failure, String path) {
    return path.equals(failure.getOtherFile()) ? failure.getFile() : failure.getOtherFile();
  }
}

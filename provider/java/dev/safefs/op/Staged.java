package dev.safefs.op;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * A file under a staged name, and the look at what is renamed from there. Promise L3.
 *
 * <p>A rename takes whatever has the name. So what has it is compared with the file before, and
 * what has the published name afterwards. If that is another file then, either the published one
 * was replaced at once, which everybody who may write to the directory is free to do, or the staged
 * one was exchanged within the blink between the look and the rename. What the kernel remembers of
 * a handle opened by the staged name tells which: a file that was renamed has the new name, also
 * once it has lost that; one that was exchanged has the staged one.
 */
final class Staged implements AutoCloseable {
  private final Stage stage;
  private final Name name;
  private Optional<Closeable> mark;

  /**
   * Takes over.
   *
   * @param stage where it is, owned
   * @param name its name there
   * @param mark that it is in use, if the stage does not say so; owned
   */
  Staged(Stage stage, Name name, Optional<Closeable> mark) {
    this.stage = stage;
    this.name = name;
    this.mark = mark;
  }

  Stage stage() {
    return stage;
  }

  Name name() {
    return name;
  }

  /** Is told that the name was renamed away. */
  void published() throws IOException {
    stage.published(name);
    unmark();
  }

  void unmark() throws IOException {
    Optional<Closeable> held = mark;
    mark = Optional.empty();
    if (held.isPresent()) {
      held.get().close();
    }
  }

  /**
   * Looks at what is about to be renamed. Where others can write to the target's directory, and so
   * might have found a way to the private one in it, it is held as well.
   *
   * @param made attributes of the file
   * @throws RaceDetectedException if the name is not the file's
   */
  Watch watch(Stat made) throws IOException {
    if (stage.isPrivate()) {
      try (Cleanup.Scope scope = new Cleanup.Scope()) {
        Optional<FileHandle> held = stage.dir().find(name);
        held.ifPresent(scope::add);
        if (held.isPresent() && held.get().stat().isSameFile(made)) {
          scope.release();
          return new Watch(made, held);
        }
      }
    } else if (isNamed(stage.dir(), name, made)) {
      return new Watch(made, Optional.empty());
    }
    throw new RaceDetectedException(
        stage.dir().display(name), null, "the staged name holds another file");
  }

  static boolean isNamed(Dir dir, Name name, Stat made) throws IOException {
    Optional<Stat> there = dir.stat(name);
    return there.isPresent() && there.get().isSameFile(made);
  }

  /** A staged file that is being renamed. */
  final class Watch implements AutoCloseable {
    private final Stat made;
    private final Optional<FileHandle> held;

    private Watch(Stat made, Optional<FileHandle> held) {
      this.made = made;
      this.held = held;
    }

    /**
     * Looks at what was published.
     *
     * @throws RaceDetectedException if it never was the file
     */
    void check(Dir dir, Name published) throws IOException {
      if (isNamed(dir, published, made)) {
        return;
      }
      if (held.isPresent() && held.get().isLastNamed(name)) {
        throw new RaceDetectedException(
            dir.display(published), null, "the staged file was exchanged; another was published");
      }
      FlightRecorder.raced(
          dir.display(published), "replaced or removed right after it was published");
    }

    @Override
    public void close() throws IOException {
      if (held.isPresent()) {
        held.get().close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    Cleanup.all(this::unmark, stage::close);
  }
}

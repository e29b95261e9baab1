package dev.safefs.op;

import dev.safefs.handle.Dir;
import dev.safefs.handle.Entry;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RemoveResult;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Deletes a tree, one open directory at a time, never following a link. Promise D2. */
final class TreeDeletion {
  /** How many subdirectories are remembered before the listing is begun anew. */
  private static final int BATCH = 4096;

  /** How often a directory that is filled by others all the time is emptied. */
  private static final int TRIES = 128;

  private final TreeRun run;
  private final DirStack stack;
  private final Deque<Frame> frames = new ArrayDeque<>();

  /** What is known of one directory on the way down. */
  private static final class Frame {
    final Deque<Name> subdirectories = new ArrayDeque<>();
    final Set<Name> kept = new HashSet<>();
    int scans;
  }

  private TreeDeletion(Dir base, TreeRun run) {
    this.run = run;
    this.stack = new DirStack(base);
  }

  /**
   * Deletes what has a name, whatever it is.
   *
   * @return false if nothing had it
   * @throws IOException if something could not be deleted and the plan does not ignore it
   */
  static boolean run(ParentRef at, String display, TreeRun run) throws IOException {
    RemoveResult result = at.dir().unlink(at.name());
    if (result == RemoveResult.IS_DIRECTORY) {
      TreeDeletion deletion = new TreeDeletion(at.dir(), run);
      try (DirStack ignored = deletion.stack) {
        deletion.from(at.name());
      }
    } else if (result == RemoveResult.REMOVED) {
      run.done(0, display);
    }
    return result != RemoveResult.ABSENT;
  }

  private void from(Name root) throws IOException {
    Frame base = new Frame();
    base.subdirectories.add(root);
    frames.push(base);
    while (frames.size() > 1 || !base.subdirectories.isEmpty()) {
      Frame frame = frames.getFirst();
      Name next = frame.subdirectories.poll();
      if (next != null) {
        enter(next);
      } else if (scan(frame) && frame.subdirectories.isEmpty()) {
        leave(frame);
      }
    }
  }

  private void enter(Name name) throws IOException {
    String display = stack.top().display(name);
    try {
      stack.push(name);
      frames.push(new Frame());
    } catch (NoSuchFileException e) {
      // Somebody else has deleted it.
    } catch (NotDirectoryException e) {
      removeAny(name, display);
    } catch (IOException e) {
      // What may not be read may still be empty.
      if (!isRemovedEmpty(name)) {
        keep(name, display, e);
      }
    }
  }

  /** Removes all files of the deepest directory and collects its subdirectories. Returns false if it was given up. */
  private boolean scan(Frame frame) throws IOException {
    Dir dir;
    try {
      dir = stack.top();
      frame.scans++;
      try (Listing listing = dir.list()) {
        Optional<Entry> entry = listing.next();
        while (entry.isPresent() && frame.subdirectories.size() < BATCH) {
          remove(frame, dir, entry.get());
          entry = listing.next();
        }
      }
      return true;
    } catch (StopException e) {
      throw e.failure();
    } catch (IOException e) {
      giveUp(e);
      return false;
    }
  }

  private void remove(Frame frame, Dir dir, Entry entry) throws StopException {
    Name name = entry.name();
    if (frame.kept.contains(name)) {
      return;
    }
    try {
      FileType type = entry.type();
      if (type == FileType.UNKNOWN) {
        type = dir.stat(name).map(Stat::type).orElse(FileType.UNKNOWN);
      }
      RemoveResult result = type == FileType.DIRECTORY ? RemoveResult.IS_DIRECTORY : dir.unlink(name);
      if (result == RemoveResult.IS_DIRECTORY) {
        frame.subdirectories.add(name);
      } else if (result == RemoveResult.REMOVED) {
        StopException.unless(() -> run.done(0, dir.display(name)));
      }
    } catch (IOException e) {
      frame.kept.add(name);
      StopException.unless(() -> run.failed(dir.display(name), e));
    }
  }

  /** Removes the deepest directory, which is empty but for what could not be deleted. */
  private void leave(Frame frame) throws IOException {
    frames.pop();
    Name name = stack.pop();
    Dir parent;
    try {
      parent = stack.top();
    } catch (IOException e) {
      giveUp(e);
      return;
    }
    String display = parent.display(name);
    try {
      switch (parent.rmdir(name)) {
        case REMOVED -> StopException.unless(() -> run.done(0, display));
        case NOT_EMPTY -> notEmpty(frame, name, display);
        case NOT_DIRECTORY -> removeAny(name, display);
        default -> {}
      }
    } catch (StopException e) {
      throw e.failure();
    } catch (IOException e) {
      keep(name, display, e);
    }
  }

  private void notEmpty(Frame frame, Name name, String display) throws IOException {
    if (!frame.kept.isEmpty()) {
      // Told already, for what is in it.
      frames.getFirst().kept.add(name);
    } else if (frame.scans >= TRIES) {
      StopException.unless(() -> keep(name, display, new DirectoryNotEmptyException(display)));
    } else {
      stack.push(name);
      frames.push(frame);
    }
  }

  private boolean isRemovedEmpty(Name name) throws IOException {
    try {
      RemoveResult result = stack.top().rmdir(name);
      return result == RemoveResult.REMOVED || result == RemoveResult.ABSENT;
    } catch (FileSystemException e) {
      return false;
    }
  }

  private void removeAny(Name name, String display) throws IOException {
    try {
      if (Deleter.remove(new ParentRef(stack.top(), name), display)) {
        StopException.unless(() -> run.done(0, display));
      }
    } catch (StopException e) {
      throw e.failure();
    } catch (IOException e) {
      keep(name, display, e);
    }
  }

  private void keep(Name name, String display, IOException failure) throws IOException {
    frames.getFirst().kept.add(name);
    run.failed(display, failure);
  }

  /** Leaves the deepest directory as it is. */
  private void giveUp(IOException failure) throws IOException {
    if (stack.depth() > 0 && frames.size() > 1) {
      frames.pop();
      Name name = stack.pop();
      frames.getFirst().kept.add(name);
      run.failed(name.text(), failure);
    } else {
      throw failure;
    }
  }
}

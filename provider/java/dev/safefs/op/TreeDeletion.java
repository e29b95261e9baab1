package dev.safefs.op;

import dev.safefs.SourceChangedException;
import dev.safefs.handle.Dir;
import dev.safefs.handle.Entry;
import dev.safefs.handle.FileHandle;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Deletes a tree, one open directory at a time, never following a link. Promise D2. */
final class TreeDeletion {
  /** How many subdirectories are remembered before the listing is begun anew. */
  private static final int BATCH = 4096;

  /**
   * How often a directory that is filled by others all the time is emptied. Not bounded by time, as
   * {@link Tries} is: each takes as long as there are entries.
   */
  private static final int SCANS = 128;

  private final TreeRun run;
  private final DirStack stack;

  /** The same place in a copy, if only what that has the like of is to be deleted. */
  private final Optional<DirStack> copy;

  private final Deque<Frame> frames = new ArrayDeque<>();

  /** What is known of one directory on the way down. */
  private static final class Frame {
    final Deque<Name> subdirectories = new ArrayDeque<>();
    final Set<Name> kept = new HashSet<>();
    int scans;
  }

  private TreeDeletion(Dir base, Optional<DirStack> copy, TreeRun run) {
    this.run = run;
    this.stack = new DirStack(base);
    this.copy = copy;
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
      if (run.isPlain()) {
        ParallelDeletion.run(at, run);
      }
      runSubdirectory(at.dir(), at.name(), run);
    } else if (result == RemoveResult.REMOVED) {
      run.done(0, display);
    }
    return result != RemoveResult.ABSENT;
  }

  /** Deletes what was seen to be a directory, in another one that is not owned. */
  static void runSubdirectory(Dir base, Name name, TreeRun run) throws IOException {
    TreeDeletion deletion = new TreeDeletion(base, Optional.empty(), run);
    try (DirStack ignored = deletion.stack) {
      deletion.from(name);
    }
  }

  /**
   * Deletes a directory, but keeps what a copy of it has not the like of: an entry of the same
   * type, size and time of modification, or a link with the same content.
   *
   * @param at the directory
   * @param copy the copy
   * @throws IOException if something was kept
   */
  static void runVerified(ParentRef at, ParentRef copy, TreeRun run) throws IOException {
    try (Dir copyDir = copy.dir().openDir(copy.name());
        DirStack copies = new DirStack(copyDir);
        Dir source = at.dir().openDir(at.name())) {
      TreeDeletion deletion = new TreeDeletion(source, Optional.of(copies), run);
      try (DirStack ignored = deletion.stack) {
        deletion.fromInside();
      }
    }
    if (!run.hasFailed() && at.dir().rmdir(at.name()) == RemoveResult.NOT_EMPTY) {
      throw new SourceChangedException(at.display(), null, "got entries after it was copied");
    }
  }

  private void fromInside() throws IOException {
    Frame base = new Frame();
    frames.push(base);
    while (scan(base) && !base.subdirectories.isEmpty()) {
      while (frames.size() > 1 || !base.subdirectories.isEmpty()) {
        step();
      }
    }
  }

  private void from(Name root) throws IOException {
    Frame base = new Frame();
    base.subdirectories.add(root);
    frames.push(base);
    while (frames.size() > 1 || !base.subdirectories.isEmpty()) {
      step();
    }
  }

  private void step() throws IOException {
    Frame frame = frames.getFirst();
    Name next = frame.subdirectories.poll();
    if (next != null) {
      enter(next);
    } else if (scan(frame) && frame.subdirectories.isEmpty()) {
      leave(frame);
    }
  }

  /** Goes down, in the copy too. */
  private void push(Name name) throws IOException {
    if (copy.isPresent()) {
      try {
        copy.get().push(name);
      } catch (NoSuchFileException | NotDirectoryException e) {
        throw new SourceChangedException(stack.top().display(name), null, "not in the copy");
      }
    }
    try {
      stack.push(name);
    } catch (IOException | RuntimeException | Error e) {
      copy.ifPresent(copies -> Cleanup.close(copies::pop, e));
      throw e;
    }
  }

  private Name pop() throws IOException {
    if (copy.isPresent()) {
      copy.get().pop();
    }
    return stack.pop();
  }

  private void requireCopied(Dir dir, Name name) throws IOException {
    if (copy.isEmpty()) {
      return;
    }
    Dir copied = copy.get().top();
    Optional<Stat> source = dir.stat(name);
    Optional<Stat> made = copied.stat(name);
    if (source.isEmpty()) {
      return;
    }
    boolean same = made.isPresent() && isLike(source.get(), made.get());
    if (same && source.get().type() == FileType.SYMLINK) {
      same = linkTarget(dir, name).equals(linkTarget(copied, name));
    }
    if (!same) {
      throw new SourceChangedException(dir.display(name), null, "changed after it was copied");
    }
  }

  private static Optional<String> linkTarget(Dir dir, Name name) throws IOException {
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      Optional<FileHandle> link = dir.find(name);
      return link.isEmpty() ? Optional.empty() : Optional.of(scope.add(link.get()).readLink());
    }
  }

  /** Not every engine tells the length of a link's content for its size. */
  private static boolean isLike(Stat a, Stat b) {
    boolean same = a.type() == b.type();
    return same
        && (a.type() == FileType.SYMLINK
            || (a.sizeBytes() == b.sizeBytes() && isSameTime(a.modified(), b.modified())));
  }

  /** Some file systems keep whole seconds only, or every second one. */
  private static boolean isSameTime(Instant time, Instant kept) {
    return time.equals(kept)
        || (kept.getNano() == 0 && Duration.between(kept, time).abs().toMillis() < 2000);
  }

  private void enter(Name name) throws IOException {
    String display = stack.top().display(name);
    try {
      push(name);
      frames.push(new Frame());
    } catch (NoSuchFileException e) {
      // Somebody else has deleted it.
    } catch (NotDirectoryException e) {
      removeAny(name, display);
    } catch (SourceChangedException e) {
      keep(name, display, e);
    } catch (IOException e) {
      // What may not be read may still be empty.
      if (!isRemovedEmpty(name)) {
        keep(name, display, e);
      }
    }
  }

  /**
   * Removes all files of the deepest directory and collects its subdirectories. Returns false if it
   * was given up.
   */
  private boolean scan(Frame frame) throws IOException {
    Dir dir;
    Listing opened;
    try {
      dir = stack.top();
      opened = dir.list();
    } catch (IOException e) {
      giveUp(e);
      return false;
    }
    frame.scans++;
    try (Listing listing = opened) {
      while (frame.subdirectories.size() < BATCH) {
        Optional<Entry> entry;
        try {
          entry = listing.next();
        } catch (IOException e) {
          giveUp(e);
          return false;
        }
        if (entry.isEmpty()) {
          return true;
        }
        remove(frame, dir, entry.get());
      }
    }
    return true;
  }

  private void remove(Frame frame, Dir dir, Entry entry) throws IOException {
    Name name = entry.name();
    if (!frame.kept.isEmpty() && frame.kept.contains(name)) {
      return;
    }
    RemoveResult result;
    try {
      result = removeFile(dir, entry);
    } catch (IOException e) {
      frame.kept.add(name);
      run.failed(dir.display(name), e);
      return;
    }
    if (result == RemoveResult.IS_DIRECTORY) {
      frame.subdirectories.add(name);
    } else if (result == RemoveResult.REMOVED) {
      run.done(dir, name);
    }
  }

  /**
   * Never unlinks what may be a directory: elsewhere than on Linux that may succeed and ruin the
   * file system.
   */
  private RemoveResult removeFile(Dir dir, Entry entry) throws IOException {
    FileType type = entry.type();
    if (type == FileType.UNKNOWN) {
      type = dir.stat(entry.name()).map(Stat::type).orElse(FileType.UNKNOWN);
    }
    if (type == FileType.DIRECTORY) {
      return RemoveResult.IS_DIRECTORY;
    }
    requireCopied(dir, entry.name());
    return dir.unlink(entry.name());
  }

  /** Removes the deepest directory, which is empty but for what could not be deleted. */
  private void leave(Frame frame) throws IOException {
    frames.pop();
    Name name = pop();
    Dir parent;
    try {
      parent = stack.top();
    } catch (IOException e) {
      giveUp(e);
      return;
    }
    String display = parent.display(name);
    RemoveResult result;
    try {
      result = parent.rmdir(name);
    } catch (IOException e) {
      keep(name, display, e);
      return;
    }
    switch (result) {
      case REMOVED -> run.done(0, display);
      case NOT_EMPTY -> notEmpty(frame, name, display);
      case NOT_DIRECTORY -> removeAny(name, display);
      default -> {}
    }
  }

  private void notEmpty(Frame frame, Name name, String display) throws IOException {
    if (!frame.kept.isEmpty()) {
      // Told already, for what is in it.
      frames.getFirst().kept.add(name);
      return;
    }
    if (frame.scans >= SCANS) {
      keep(name, display, new DirectoryNotEmptyException(display));
      return;
    }
    try {
      push(name);
    } catch (IOException e) {
      keep(name, display, e);
      return;
    }
    frames.push(frame);
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
    if (copy.isPresent()) {
      keep(
          name,
          display,
          new SourceChangedException(display, null, "changed its type after it was copied"));
      return;
    }
    boolean removed;
    try {
      removed = Deleter.remove(new ParentRef(stack.top(), name), display);
    } catch (IOException e) {
      keep(name, display, e);
      return;
    }
    if (removed) {
      run.done(0, display);
    }
  }

  private void keep(Name name, String display, IOException failure) throws IOException {
    frames.getFirst().kept.add(name);
    run.failed(display, failure);
  }

  /** Leaves the deepest directory as it is, unless it is empty, though it may not be read. */
  private void giveUp(IOException failure) throws IOException {
    if (stack.depth() == 0 || frames.size() == 1) {
      throw failure;
    }
    frames.pop();
    Name name = pop();
    if (!isRemovedEmpty(name)) {
      keep(name, display(name), failure);
    }
  }

  /** Returns the path of an entry of the deepest directory, as far as that still has its name. */
  private String display(Name name) {
    try {
      return stack.top().display(name);
    } catch (IOException e) {
      return name.text();
    }
  }
}

package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.RaceDetectedException;
import dev.safefs.SourceChangedException;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.op.CopyPlan.Trait;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Copies a tree into a private directory, one pair of open directories at a time, and publishes it
 * by one rename. Promises D2 and C2. Links are copied themselves.
 */
final class TreeCopy {
  private static final int OWNER_ALL = 0700;
  private static final int OWNER_CHANGES = 0300;
  private static final int PERMISSIONS_AND_STICKY = 01777;

  private final Labels labels;
  private final CopyPlan plan;
  private final CopyPlan eachPlan;
  private final TreeRun run;
  private final Stage stage;
  private final Stat stageStat;
  private final DirStack from;
  private final DirStack to;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Names.Budget budget = new Names.Budget();

  /** The name of the copy while nobody sees it. */
  private ParentRef staged;

  private Optional<Stat> made = Optional.empty();

  /** Whether the copy itself was found in the source. */
  private boolean isInside;

  /**
   * One directory on the way down.
   *
   * @param stat attributes of the source directory
   * @param names its entries that are not copied yet
   */
  private record Frame(Stat stat, Names names) {}

  private TreeCopy(Dir source, Stage stage, Labels labels, CopyPlan plan, TreeRun run)
      throws IOException {
    this.labels = labels;
    this.plan = plan;
    this.eachPlan = plan.each();
    this.run = run;
    this.stage = stage;
    this.stageStat = statOf(stage.dir());
    this.from = new DirStack(source);
    this.to = new DirStack(stage.dir());
    this.staged = new ParentRef(stage.dir(), stage.freshName(TempNames.Kind.TREE));
  }

  /**
   * Copies.
   *
   * @param source the directory, not owned
   * @param to the name of the copy, not owned
   * @param labels the user's paths
   * @param plan how each object is copied
   * @param run failures and progress
   * @throws FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws IOException the first failure that ends the copy; then nothing of it is left
   */
  static void run(Dir source, ParentRef to, Labels labels, CopyPlan plan, TreeRun run)
      throws IOException {
    UserPath.orHidden(labels.target(), () -> staged(source, to, labels, plan, run));
  }

  private static void staged(Dir source, ParentRef to, Labels labels, CopyPlan plan, TreeRun run)
      throws IOException {
    // Whatever ends it: a listener may throw anything.
    try (Stage stage = UserPath.in(labels.target(), () -> stage(to));
        Cleanup.Scope unfinished = new Cleanup.Scope()) {
      TreeCopy copy = new TreeCopy(source, stage, labels, plan, run);
      unfinished.<AutoCloseable>add(copy::discard);
      copy.copyTo(to);
      unfinished.release();
    }
  }

  private static Stage stage(ParentRef to) throws IOException {
    return Stage.inPrivateDir(to.dir(), TempNames.Kind.DIRECTORY);
  }

  /**
   * The user's paths.
   *
   * @param source of the source
   * @param target of the copy
   */
  record Labels(String source, String target) {}

  private void copyTo(ParentRef target) throws IOException {
    Stat root = statOf(from.top());
    try (DirStack ignored = from;
        DirStack alsoIgnored = to) {
      make(stage.dir(), staged.name(), root);
      to.push(staged.name());
      made = Optional.of(statOf(to.top()));
      frames.push(new Frame(root, Names.of(from.top(), budget)));
      copyAll();
      if (isInside && plan.has(Trait.OUTSIDE)) {
        // A rename would have refused it, but for a mount between the two.
        throw new FileSystemException(
            labels.source(), labels.target(), "a directory is not moved into itself");
      }
    } finally {
      frames.forEach(frame -> frame.names().close());
    }
    if (plan.replace() != Replace.NO_REPLACE) {
      leaveToBeExchanged();
    }
    try (FileHandle copy =
        stage.dir().find(staged.name()).orElseThrow(() -> raced(labels.target()))) {
      publish(target, copy);
    }
  }

  /**
   * Takes the name under which a sweep removes all: by an exchange it may become that of a user's
   * directory, and a crash may leave it so.
   */
  private void leaveToBeExchanged() throws IOException {
    Name name = stage.freshName(TempNames.Kind.FILE);
    if (staged.dir().rename(staged.name(), stage.dir(), name, Replace.REPLACE)
        != RenameResult.RENAMED) {
      throw raced(labels.target());
    }
    stage.published(staged.name());
    staged = new ParentRef(stage.dir(), name);
  }

  /** Deletes the copy, but never what it was exchanged for. */
  private void discard() throws IOException {
    Optional<Stat> there = stage.dir().stat(staged.name());
    if (there.isPresent() && made.isPresent() && there.get().isSameFile(made.get())) {
      TreeDeletion.run(staged, labels.target(), new TreeRun(TreePlan.COLLECT));
    }
  }

  private void copyAll() throws IOException {
    while (!frames.isEmpty()) {
      Frame frame = frames.getFirst();
      Optional<Name> next = frame.names().next();
      if (next.isPresent()) {
        copyEntry(next.get());
      } else {
        leave(frame);
      }
    }
  }

  private void copyEntry(Name name) throws IOException {
    Dir source = from.top();
    String display = source.display(name);
    OptionalLong bytes;
    try {
      bytes = UserPath.in(display, () -> copied(source, name, display));
    } catch (IOException e) {
      run.failed(display, e);
      return;
    }
    if (bytes.isPresent()) {
      run.done(bytes.getAsLong(), display);
    }
  }

  /**
   * Returns how many bytes were copied; empty if nothing was, and of a directory that is entered.
   */
  private OptionalLong copied(Dir source, Name name, String display) throws IOException {
    Optional<FileHandle> found = source.find(name);
    if (found.isEmpty()) {
      return OptionalLong.empty();
    }
    try (FileHandle file = found.get()) {
      Stat stat = file.stat();
      if (stat.isSameFile(stageStat)) {
        isInside = true;
        return OptionalLong.empty();
      }
      if (stat.type() == FileType.DIRECTORY) {
        enter(name, stat);
        return OptionalLong.empty();
      }
      if (stat.type() == FileType.REGULAR) {
        StagedCopy.run(file, stat, new ParentRef(to.top(), name), eachPlan);
        return OptionalLong.of(stat.sizeBytes());
      }
      new Copy(file, stat, new ParentRef(to.top(), name), display, eachPlan).run();
      return OptionalLong.of(0);
    }
  }

  private void enter(Name name, Stat stat) throws IOException {
    from.push(name);
    try {
      if (!statOf(from.top()).isSameFile(stat)) {
        throw new SourceChangedException(
            from.top().display(name), null, "replaced while the tree was copied");
      }
      Names names = Names.of(from.top(), budget);
      try {
        make(to.top(), name, stat);
        to.push(name);
        frames.push(new Frame(stat, names));
      } catch (IOException | RuntimeException | Error e) {
        Cleanup.close(names, e);
        throw e;
      }
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.close(from::pop, e);
      throw e;
    }
  }

  private static void make(Dir dir, Name name, Stat stat) throws IOException {
    if (dir.mkdir(name, stat.mode() & PERMISSIONS_AND_STICKY | OWNER_ALL) != CreateResult.CREATED) {
      throw new FileAlreadyExistsException(dir.display(name));
    }
  }

  private void leave(Frame frame) throws IOException {
    Dir source = from.top();
    Dir copy = to.top();
    if (plan.durability() != Durability.NONE) {
      NameSync.run(copy, labels.target(), plan.config());
    }
    String directory = labels.source();
    try (FileHandle original = source.self();
        FileHandle made = copy.self()) {
      directory = original.display();
      if (plan.has(Trait.ATTRIBUTES)) {
        CopiedAttributes.apply(
            original, frame.stat(), made, original.display(), plan.config().strictness());
      } else {
        withoutForcedBits(made, frame.stat());
      }
    } catch (IOException e) {
      run.failed(directory, e);
    }
    frames.pop();
    to.pop();
    String display = labels.source();
    if (from.depth() > 0) {
      Name name = from.pop();
      display = from.top().display(name);
    }
    run.done(0, display);
  }

  /**
   * Takes away what the owner was given to fill the directory; the umask was applied by the kernel.
   */
  private static void withoutForcedBits(FileHandle made, Stat source) throws IOException {
    int granted = made.stat().mode();
    if ((granted & source.mode() & PERMISSIONS_AND_STICKY) != (granted & PERMISSIONS_AND_STICKY)) {
      made.setMode(granted & (source.mode() | ~PERMISSIONS_AND_STICKY));
    }
  }

  private void publish(ParentRef target, FileHandle copy) throws IOException {
    int mode = copy.stat().mode();
    boolean unwritable = (mode & OWNER_CHANGES) != OWNER_CHANGES;
    if (unwritable) {
      // A directory moves to another parent only if it may be written to, as its ".." changes;
      // rename(2), EACCES.
      copy.setMode(OWNER_ALL);
    }
    Sides sides =
        new Sides(
            staged, target, labels.source(), labels.target(), Sides.Origin.STAGED, plan.config());
    RenameResult given =
        plan.replace() == Replace.NO_REPLACE ? Rename.exclusive(sides) : Rename.replacing(sides);
    if (given != RenameResult.RENAMED) {
      throw new FileSystemException(labels.target(), null, "rename of the copy: " + given);
    }
    if (unwritable) {
      copy.setMode(mode);
    }
    if (plan.durability() == Durability.FILE_AND_NAME) {
      NameSync.run(target.dir(), labels.target(), plan.config());
    }
  }

  private static RaceDetectedException raced(String target) {
    return new RaceDetectedException(target, null, "what was staged was taken away");
  }

  static Stat statOf(Dir dir) throws IOException {
    try (FileHandle self = dir.self()) {
      return self.stat();
    }
  }
}

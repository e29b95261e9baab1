package dev.safefs.op;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.Capability;
import dev.safefs.handle.CopyMonitor;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import dev.safefs.op.Pending.Outcome;
import dev.safefs.request.Replace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Creates pending files and gives them names, by the {@link PublishStrategy} that the mount has.
 */
final class Publisher implements AutoCloseable {
  private static final int PRIVATE = 0600;

  private final Dir dir;
  private final Name name;
  private final Pending.Terms terms;
  private FileHandle file;

  /**
   * As the file was made, so that its owner is this process's user, whoever it is given to since.
   */
  private Stat made;

  private Optional<Staged> staged;
  private boolean copied;
  private @Nullable PublishStrategy used;

  private Publisher(
      Dir dir, Name name, Pending.Terms terms, FileHandle file, Optional<Staged> staged)
      throws IOException {
    this.dir = dir;
    this.name = name;
    this.terms = terms;
    this.file = file;
    this.made = file.stat();
    this.staged = staged;
  }

  static Publisher begin(Dir dir, Name name, Pending.Terms terms) throws IOException {
    Optional<FileHandle> anonymous =
        PublishStrategy.beginsAnonymous(dir.capabilities()::mayHave)
            ? dir.anonymous(terms.mode())
            : Optional.empty();
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      if (anonymous.isPresent()) {
        FileHandle file = scope.add(anonymous.get());
        Publisher publisher = new Publisher(dir, name, terms, file, Optional.empty());
        scope.release();
        return publisher;
      }
      Stage stage = scope.add(Stage.inPrivateDir(dir, TempNames.Kind.DIRECTORY));
      Name stagedName = stage.freshName(TempNames.Kind.FILE);
      FileHandle file = scope.add(create(stage, stagedName, terms.mode()));
      Publisher publisher =
          new Publisher(
              dir, name, terms, file, Optional.of(new Staged(stage, stagedName, Optional.empty())));
      scope.release();
      return publisher;
    }
  }

  FileHandle file() {
    return file;
  }

  Stat made() {
    return made;
  }

  boolean wasCopied() {
    return copied;
  }

  String strategy() {
    return used == null ? "" : used.name();
  }

  /** Gives the name, by the first strategy that the mount turns out to have. */
  Outcome give(Replace replace) throws IOException {
    for (PublishStrategy strategy :
        PublishStrategy.choose(dir.capabilities()::mayHave, replace, terms.durability())) {
      Optional<Outcome> outcome =
          staged.isPresent() && strategy.isAnonymous() ? Optional.empty() : by(strategy, replace);
      if (outcome.isPresent()) {
        if (outcome.get() == Outcome.PUBLISHED) {
          used = strategy;
        }
        return outcome.get();
      }
    }
    throw new FileSystemException(dir.display(name), null, "renameat: not supported by this mount");
  }

  /** Tries one strategy. Empty if the mount does not have it. */
  private Optional<Outcome> by(PublishStrategy strategy, Replace replace) throws IOException {
    if (strategy == PublishStrategy.ANONYMOUS_LINK) {
      return link();
    }
    Staged from = staged.isPresent() ? staged.get() : stage();
    return switch (strategy) {
      case STAGED_LINK -> link();
      case STAGED_CLAIM -> claim(from);
      default -> rename(from, replace);
    };
  }

  private Optional<Outcome> link() throws IOException {
    CreateResult linked;
    try {
      linked = dir.link(file, name);
    } catch (FileSystemException e) {
      // A server's reply was lost: the name may be ours.
      if (!isOurs(e)) {
        throw e;
      }
      linked = CreateResult.CREATED;
    }
    return switch (linked) {
      case CREATED -> Optional.of(Outcome.PUBLISHED);
      // A reply was lost and the request repeated: the name is ours.
      case EXISTS ->
          Optional.of(Staged.isNamed(dir, name, made) ? Outcome.PUBLISHED : Outcome.EXISTS);
      case UNSUPPORTED, CROSS_DEVICE, SOURCE_GONE, ONLY_BY_NAME -> Optional.empty();
    };
  }

  private Optional<Outcome> rename(Staged from, Replace replace) throws IOException {
    try (Staged.Watch watch = from.watch(made)) {
      Optional<Outcome> outcome = renamed(from, replace);
      if (outcome.isPresent() && outcome.get() == Outcome.PUBLISHED) {
        from.published();
        watch.check(dir, name);
      }
      return outcome;
    } catch (RaceDetectedException e) {
      FlightRecorder.raced(dir.display(name), String.valueOf(e.getReason()));
      throw e;
    }
  }

  private Optional<Outcome> renamed(Staged from, Replace replace) throws IOException {
    if (replace == Replace.NO_REPLACE && !RenameFlags.areHonoured(dir)) {
      return Optional.empty();
    }
    try {
      return switch (from.stage().dir().rename(from.name(), dir, name, replace)) {
        case RENAMED -> Optional.of(Outcome.PUBLISHED);
        case EXISTS -> Optional.of(Outcome.EXISTS);
        case NOT_EMPTY, TYPE_MISMATCH -> Optional.of(Outcome.IS_DIRECTORY);
        case UNSUPPORTED -> Optional.empty();
        case CROSS_DEVICE ->
            throw new FileSystemException(dir.display(name), null, "renameat: EXDEV");
        default -> {
          // The answer to a request that was repeated because its reply was lost.
          if (!Staged.isNamed(dir, name, made)) {
            throw new RaceDetectedException(dir.display(name), null, "the staged name was removed");
          }
          yield Optional.of(Outcome.PUBLISHED);
        }
      };
    } catch (FileSystemException e) {
      // rename(2), BUGS: on NFS a failed rename may have been done.
      if (!isOurs(e)) {
        throw e;
      }
      return Optional.of(Outcome.PUBLISHED);
    }
  }

  private Optional<Outcome> claim(Staged from) throws IOException {
    Downgrade.accept(
        terms.strictness(),
        dir.display(name),
        "W1 (whole files)",
        "this mount has neither anonymous files, nor exclusive renames, nor hard links; an empty"
            + " file is seen first");
    Optional<FileHandle> created = dir.create(name, PRIVATE);
    if (created.isEmpty()) {
      return Optional.of(Outcome.EXISTS);
    }
    try (FileHandle claim = created.get()) {
      Stat stat = ExclusiveMove.lookedAt(claim::stat);
      try {
        return rename(from, Replace.REPLACE);
      } catch (IOException | RuntimeException | Error e) {
        Cleanup.close(() -> unclaim(stat), e);
        throw e;
      }
    }
  }

  private void unclaim(Stat claim) throws IOException {
    Optional<Stat> there = dir.stat(name);
    if (there.isPresent() && there.get().isSameFile(claim)) {
      dir.unlink(name);
    }
  }

  /** Gives an anonymous file a staged name, or, where it cannot have one, a staged copy. */
  private Staged stage() throws IOException {
    Staged result;
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      Stage stage = scope.add(Stage.open(dir, made));
      Name stagedName = stage.freshName(TempNames.Kind.FILE);
      Optional<Closeable> mark = stage.isPrivate() ? Optional.empty() : file.tryLock();
      mark.ifPresent(scope::add);
      if (stage.dir().link(file, stagedName) != CreateResult.CREATED) {
        result = stageCopy();
      } else {
        result = new Staged(stage, stagedName, mark);
        scope.release();
        staged = Optional.of(result);
        if (!dir.capabilities().mayHave(Capability.SYNC_ANONYMOUS)) {
          sync();
        }
      }
    }
    return result;
  }

  private Staged stageCopy() throws IOException {
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      Stage stage = scope.add(Stage.inPrivateDir(dir, TempNames.Kind.DIRECTORY));
      Name stagedName = stage.freshName(TempNames.Kind.FILE);
      FileHandle copy = scope.add(create(stage, stagedName, PRIVATE));
      file.copyContentTo(copy, CopyMonitor.NONE);
      Stat wanted = file.stat();
      Stat got = copy.stat();
      if (got.owner() != wanted.owner() || got.group() != wanted.group()) {
        copy.setOwner(wanted.owner(), wanted.group());
      }
      file.copyExtendedAttributesTo(copy);
      copy.setMode(wanted.mode());
      Staged result = new Staged(stage, stagedName, Optional.empty());
      scope.release();
      FileHandle nameless = file;
      file = copy;
      made = got;
      staged = Optional.of(result);
      copied = true;
      nameless.close();
      sync();
      return result;
    }
  }

  private void sync() throws IOException {
    terms.settle(file);
  }

  private static FileHandle create(Stage stage, Name stagedName, int mode) throws IOException {
    Dir where = stage.dir();
    return where
        .create(stagedName, mode)
        .orElseThrow(
            () ->
                new RaceDetectedException(
                    where.display(stagedName), null, "a random name is taken"));
  }

  private boolean isOurs(FileSystemException failure) {
    try {
      return Staged.isNamed(dir, name, made);
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    Optional<Staged> rest = staged;
    staged = Optional.empty();
    if (rest.isPresent()) {
      // FUSE and NFS keep a removed file under a hidden name in its directory as long as it is
      // open.
      Cleanup.all(rest.get()::unmark, file::close, rest.get().stage()::close);
    } else {
      file.close();
    }
  }
}

package dev.safefs.portable;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Refusal;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Renames a name to a name by one call of the delegate. Not to replace is supported only where the
 * delegate's move is exclusive; elsewhere the caller links or claims. Two names are never
 * exchanged.
 */
final class Rename {
  private final Host host;
  private final HeldDir dir;
  private final Node.Spot from;
  private final HeldDir target;
  private final Node.Spot to;
  private final String display;

  /** Takes both names, and what messages show for the new one. */
  Rename(Host host, HeldDir dir, Node.Spot from, HeldDir target, Node.Spot to, String display) {
    this.host = host;
    this.dir = dir;
    this.from = from;
    this.target = target;
    this.to = to;
    this.display = display;
  }

  RenameResult run(Replace replace) throws IOException {
    if (replace == Replace.EXCHANGE) {
      return RenameResult.UNSUPPORTED;
    }
    Optional<Stat> source = dir.look(from.name());
    if (source.isEmpty()) {
      return RenameResult.ABSENT;
    }
    Optional<Stat> existing = target.look(to.name());
    if (host.capabilities().mayWriteLate()) {
      closeLate(source.get(), from);
      if (existing.isPresent()) {
        closeLate(existing.get(), to);
      }
    }
    if (existing.isPresent() && existing.get().isSameFile(source.get())) {
      return ontoItself(source.get(), replace);
    }
    if (source.get().type() == FileType.DIRECTORY) {
      requireNotBeneathItself();
    }
    return replace == Replace.REPLACE
        ? replace(source.get(), existing)
        : exclusively(source.get(), existing);
  }

  /** Refuses what memoryfilesystem does: a directory that is in itself is nowhere. */
  private void requireNotBeneathItself() throws IOException {
    Path name = host.names().path(from.name());
    boolean isBeneath;
    try {
      Path itself = dir.byPath(path -> path.resolve(name).toRealPath(LinkOption.NOFOLLOW_LINKS));
      Path above = target.byPath(path -> path.toRealPath(LinkOption.NOFOLLOW_LINKS));
      isBeneath = above.startsWith(itself);
    } catch (NoSuchFileException | NotDirectoryException | RaceDetectedException e) {
      // The move will tell what is missing; held directories may be anywhere by now.
      return;
    }
    if (isBeneath) {
      throw new FileSystemException(display, null, "a directory is not moved into itself");
    }
  }

  /** A channel that is closed later would put the file back under the name it was opened by. */
  private void closeLate(Stat stat, Node.Spot spot) throws IOException {
    host.nodes().seen(WeakKey.inUse(stat), spot.parent(), spot.name()).closeLate();
  }

  /**
   * Both names find one file: by two names it has, which changes nothing, or by one name spelt in
   * two ways.
   */
  private RenameResult ontoItself(Stat source, Replace replace) throws IOException {
    boolean oneDirectory = dir.node().isSameAs(target.node());
    if (oneDirectory && !from.name().equals(to.name())) {
      Respelling respelling = new Respelling(host, dir, from.name(), to.name(), source);
      if (respelling.isOneName()) {
        respelling.run();
        host.nodes().moved(WeakKey.inUse(source), from, to);
        return RenameResult.RENAMED;
      }
    }
    return replace == Replace.REPLACE ? RenameResult.RENAMED : RenameResult.EXISTS;
  }

  private RenameResult exclusively(Stat source, Optional<Stat> existing) throws IOException {
    if (existing.isPresent()) {
      return RenameResult.EXISTS;
    }
    if (!host.movesExclusively()) {
      return RenameResult.UNSUPPORTED;
    }
    try {
      dir.moveExclusively(from.name(), target, to.name());
    } catch (FileAlreadyExistsException e) {
      return RenameResult.EXISTS;
    } catch (FileSystemException e) {
      return failed(source, e);
    }
    return moved(source);
  }

  private RenameResult replace(Stat source, Optional<Stat> existing) throws IOException {
    if (existing.isPresent() && isOtherType(source, existing.get())) {
      return RenameResult.TYPE_MISMATCH;
    }
    try {
      if (source.type() == FileType.DIRECTORY && host.traits().contains(Trait.ZIP)) {
        host.gaps().accept(Gaps.Gap.NO_ATOMIC_REPLACEMENT, display);
        new EntryByEntry(host).move(dir, from.name(), target, to.name());
      } else {
        replace();
      }
    } catch (NonAtomicException e) {
      return RenameResult.UNSUPPORTED;
    } catch (DirectoryNotEmptyException e) {
      return RenameResult.NOT_EMPTY;
    } catch (AtomicMoveNotSupportedException e) {
      return RenameResult.CROSS_DEVICE;
    } catch (FileSystemException e) {
      return failed(source, e);
    }
    return moved(source);
  }

  private void replace() throws IOException {
    try {
      dir.replace(from.name(), target, to.name());
    } catch (NonAtomicException e) {
      host.gaps().accept(Gaps.Gap.NO_ATOMIC_REPLACEMENT, display);
      PathDir.replaceWithGap(host, dir, from.name(), target, to.name());
    }
  }

  private RenameResult moved(Stat source) {
    host.nodes().moved(WeakKey.inUse(source), from, to);
    return RenameResult.RENAMED;
  }

  /** Finds out what a failure means that the delegate tells by its text only. */
  private RenameResult failed(Stat source, FileSystemException e) throws IOException {
    Optional<Stat> now = Failures.withSecondTry(() -> dir.look(from.name()));
    if (now.isEmpty() && e instanceof NoSuchFileException) {
      return RenameResult.ABSENT;
    }
    Optional<Stat> existing = target.look(to.name());
    if (existing.isEmpty() || now.isEmpty()) {
      throw e;
    }
    if (isOtherType(now.get(), existing.get())) {
      return RenameResult.TYPE_MISMATCH;
    }
    if (existing.get().type() == FileType.REGULAR && isMountPoint(e)) {
      throw Refusal.BUSY.in(new FileSystemException(display, null, e.getReason()));
    }
    if (existing.get().type() == FileType.DIRECTORY) {
      if (hasEntries()) {
        return RenameResult.NOT_EMPTY;
      }
      if (host.traits().contains(Trait.WINDOWS) && source.type() == FileType.DIRECTORY) {
        // MoveFileExW replaces no directory, not even an empty one: as with other types, it has to
        // go first. Not run.
        return RenameResult.TYPE_MISMATCH;
      }
    }
    throw e;
  }

  /**
   * Tells whether the new name is a file's that is mounted there, so that it cannot be renamed over
   * whatever else is wrong: the JDK tells by a text of the locale only. It is one if it is of
   * another file system than its directory, or if this machine's kernel says so.
   */
  private boolean isMountPoint(FileSystemException failure) {
    if (failure.getClass() != FileSystemException.class) {
      return false;
    }
    Path name = host.names().path(to.name());
    try {
      return target.byPath(
          path -> {
            FileStore mounted = host.provider().getFileStore(path.resolve(name));
            return !mounted.equals(host.provider().getFileStore(path))
                || host.procfs().isMountPoint(host.names().text(path.toRealPath().resolve(name)));
          });
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private boolean hasEntries() throws IOException {
    try (HeldDir full = target.enter(to.name());
        HeldDir.Entries entries = full.list()) {
      return entries.iterator().hasNext();
    }
  }

  private static boolean isOtherType(Stat one, Stat other) {
    return (one.type() == FileType.DIRECTORY) != (other.type() == FileType.DIRECTORY);
  }
}

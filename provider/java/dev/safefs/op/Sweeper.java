package dev.safefs.op;

import dev.safefs.SafeConfig;
import dev.safefs.handle.Dir;
import dev.safefs.handle.Entry;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RemoveResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.Access;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Removes what crashes left in a directory. Promise T2.
 *
 * <p>What is staged is marked by a lock of its open file description while its owner lives, in
 * whatever container that is; the sweeper marks it itself before it removes it, and then removes
 * only what it has marked. A symbolic link cannot be marked, and is removed if it has not changed
 * for a second. A user's file found in quarantine is put back under its name, without replacing.
 */
public final class Sweeper {
  /**
   * A live owner renames a staged link within microseconds, and makes another one if it has gone.
   */
  private static final long LINK_GRACE_NANOSECONDS = 1_000_000_000;

  private final Dir dir;
  private final List<String> swept = new ArrayList<>();
  private final Map<Name, Stat> links = new LinkedHashMap<>();

  private Sweeper(Dir dir) {
    this.dir = dir;
  }

  /**
   * Sweeps a directory, not those beneath it.
   *
   * @param place the directory
   * @return the user's paths of what was removed
   * @throws IOException if the directory cannot be read, or something cannot be removed; what other
   *     users own is left alone
   */
  public static List<String> sweep(Place place) throws IOException {
    try (Dir dir = place.anchor().openDir(place.route(), LinkMode.FOLLOW)) {
      Sweeper sweeper = new Sweeper(dir);
      for (Name name : names(dir)) {
        if (TempNames.isLeftover(name)) {
          sweeper.sweep(name);
        }
      }
      sweeper.sweepLinks();
      return List.copyOf(sweeper.swept);
    }
  }

  private void sweep(Name name) throws IOException {
    Optional<FileHandle> found = dir.find(name);
    if (found.isEmpty()) {
      return;
    }
    try (FileHandle file = found.get()) {
      Stat stat = file.stat();
      if (stat.type() != FileType.DIRECTORY && TempNames.isKind(name, TempNames.Kind.QUARANTINE)) {
        // Beside its own name, which nobody knows.
        return;
      }
      switch (stat.type()) {
        case DIRECTORY -> sweepPrivateDir(name, file, stat);
        case REGULAR -> sweepFile(name, file, stat);
        case SYMLINK -> links.put(name, stat);
        default -> {}
      }
    } catch (AccessDeniedException | NoSuchFileException e) {
      // Another user's, whose own sweep will remove it; or its owner was alive and has just removed
      // it.
      return;
    }
  }

  private void sweepFile(Name name, FileHandle file, Stat stat) throws IOException {
    try (FileHandle marked = file.reopen(Access.READ)) {
      if (marked.tryLock().isPresent()) {
        remove(name, stat);
      }
    }
  }

  private void sweepPrivateDir(Name name, FileHandle file, Stat stat) throws IOException {
    try (FileHandle marked = file.reopen(Access.READ)) {
      if (marked.tryLock().isEmpty()) {
        return;
      }
      try (Dir privateDir = dir.openDir(name)) {
        if (!isSame(privateDir, stat)) {
          return;
        }
        empty(privateDir, name);
      }
      if (isNamed(name, stat) && dir.rmdir(name) == RemoveResult.REMOVED) {
        swept.add(dir.display(name));
      }
    }
  }

  /** Removes what is staged in a private directory, and puts back what is a user's. */
  private void empty(Dir privateDir, Name named) throws IOException {
    boolean isQuarantine = TempNames.isKind(named, TempNames.Kind.QUARANTINE);
    for (Name name : names(privateDir)) {
      if (PrivateDir.isHidden(name)) {
        privateDir.unlink(name);
      } else if (!isQuarantine && TempNames.isTree(name)) {
        // A copy that never got its name.
        String display = privateDir.display(name);
        TreeDeletion.run(new ParentRef(privateDir, name), display, new TreeRun(TreePlan.STOP));
      } else if (isQuarantine || !TempNames.isLeftover(name)) {
        putBack(new ParentRef(privateDir, name));
      } else if (privateDir.unlink(name) == RemoveResult.IS_DIRECTORY) {
        privateDir.rmdir(name);
      }
    }
  }

  private void putBack(ParentRef inside) throws IOException {
    ParentRef at = new ParentRef(dir, inside.name());
    try {
      Rename.exclusive(
          new Sides(
              inside,
              at,
              inside.display(),
              at.display(),
              Sides.Origin.STAGED,
              SafeConfig.installed()));
    } catch (FileAlreadyExistsException e) {
      // A name that was taken in the meantime keeps the file where it is, and with it the private
      // directory.
      return;
    }
  }

  private void sweepLinks() throws IOException {
    if (links.isEmpty()) {
      return;
    }
    if (!hasWaited()) {
      return;
    }
    for (Map.Entry<Name, Stat> link : links.entrySet()) {
      Optional<Stat> there = dir.stat(link.getKey());
      if (there.isPresent() && there.get().changed().equals(link.getValue().changed())) {
        remove(link.getKey(), link.getValue());
      }
    }
  }

  /** Returns false if the thread was interrupted, which it still is. */
  private static boolean hasWaited() {
    long end = System.nanoTime() + LINK_GRACE_NANOSECONDS;
    for (long rest = LINK_GRACE_NANOSECONDS; rest > 0; rest = end - System.nanoTime()) {
      LockSupport.parkNanos(rest);
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
    }
    return true;
  }

  private void remove(Name name, Stat stat) throws IOException {
    if (isNamed(name, stat) && dir.unlink(name) == RemoveResult.REMOVED) {
      swept.add(dir.display(name));
    }
  }

  private boolean isNamed(Name name, Stat stat) throws IOException {
    Optional<Stat> there = dir.stat(name);
    return there.isPresent() && there.get().isSameFile(stat);
  }

  private static boolean isSame(Dir opened, Stat stat) throws IOException {
    try (FileHandle self = opened.self()) {
      return self.stat().isSameFile(stat);
    }
  }

  /** Returns all names first: what is removed during a listing may hide others. */
  private static List<Name> names(Dir listed) throws IOException {
    List<Name> names = new ArrayList<>();
    try (Listing listing = listed.list()) {
      for (Optional<Entry> entry = listing.next(); entry.isPresent(); entry = listing.next()) {
        names.add(entry.get().name());
      }
    }
    return names;
  }
}

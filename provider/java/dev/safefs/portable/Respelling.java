package dev.safefs.portable;

import dev.safefs.handle.Name;
import dev.safefs.handle.Randomness;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes how one name is spelt, where upper and lower case or composed and decomposed letters are
 * one: Windows, macOS, and what stands for them in memory. <i>Atomicity:</i> one rename where the
 * delegate takes that. Jimfs and memoryfilesystem do nothing then, so there the file is away for an
 * instant, in a private directory under its new name, where a sweep finds it after a crash and
 * gives it the new name.
 */
final class Respelling {
  /** As quarantines are named, whose content a sweep puts back. */
  private static final String QUARANTINE = ".safefs-q";

  private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int RANDOM_DIGITS = 26;
  private static final int PRIVATE = 0700;

  private final Host host;
  private final HeldDir dir;
  private final Name old;
  private final Name fresh;
  private final Stat file;

  Respelling(Host host, HeldDir dir, Name old, Name fresh, Stat file) {
    this.host = host;
    this.dir = dir;
    this.old = old;
    this.fresh = fresh;
    this.file = file;
  }

  /**
   * Returns a name as the directory lists it, or itself where that is not found out. Linux keeps
   * the spelling of what is renamed over.
   */
  static Name listed(Host host, HeldDir dir, Name name) throws IOException {
    if (host.procfs().isOfDelegate()) {
      return name;
    }
    Path relative = host.names().path(name);
    Path real;
    try {
      real = dir.byPath(path -> path.resolve(relative).toRealPath(LinkOption.NOFOLLOW_LINKS));
    } catch (FileSystemException e) {
      // It is found by the name that was given.
      return name;
    }
    Name listed = host.names().name(real);
    if (listed.equals(name)) {
      return name;
    }
    Optional<Stat> file = dir.look(name);
    boolean isSame =
        file.isPresent() && dir.look(listed).filter(file.get()::isSameFile).isPresent();
    return isSame ? listed : name;
  }

  /** Tells whether the directory lists the file once, so that both names are spellings of one. */
  boolean isOneName() throws IOException {
    return spellings().size() == 1;
  }

  void run() throws IOException {
    if (spellings().contains(fresh)) {
      return;
    }
    dir.replace(old, dir, fresh);
    if (!spellings().contains(fresh)) {
      byWayOfPrivateDirectory();
    }
  }

  private void byWayOfPrivateDirectory() throws IOException {
    Name room = freshName();
    dir.byPath(
        path -> {
          host.provider()
              .createDirectory(
                  path.resolve(host.names().path(room)),
                  Permissions.initial(host, PRIVATE, Permissions.OPEN_DIRECTORY));
          return room;
        });
    try (HeldDir inside = dir.enter(room)) {
      dir.replace(old, inside, fresh);
      try {
        inside.replace(fresh, dir, fresh);
      } catch (IOException | RuntimeException | Error e) {
        Failures.close(() -> inside.replace(fresh, dir, old), e);
        throw e;
      }
    } catch (IOException | RuntimeException | Error e) {
      Failures.close(() -> remove(room), e);
      throw e;
    }
    remove(room);
    if (dir.look(fresh).isEmpty()) {
      throw new FileSystemException("", null, "removed while its spelling was changed");
    }
  }

  private void remove(Name room) throws IOException {
    Failures.withSecondTry(
        () -> {
          dir.rmdir(room);
          return room;
        });
  }

  private List<Name> spellings() throws IOException {
    List<Name> found = new ArrayList<>();
    try (HeldDir.Entries entries = dir.list()) {
      while (entries.iterator().hasNext()) {
        Path entry = entries.iterator().next();
        Name name = host.names().name(entry);
        Optional<Stat> stat = dir.look(name);
        if (stat.isPresent() && stat.get().isSameFile(file)) {
          found.add(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  private static Name freshName() {
    byte[] random = new byte[RANDOM_DIGITS];
    Randomness.fill(random);
    StringBuilder name = new StringBuilder(QUARANTINE);
    for (byte b : random) {
      name.append(DIGITS.charAt(b & 31));
    }
    return Name.of(name.toString());
  }
}

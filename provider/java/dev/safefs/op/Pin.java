package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.SourceChangedException;
import dev.safefs.handle.Dir;
import dev.safefs.handle.Entry;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * A file, directory or symbolic link held open itself, with the directory it was found in. Promises
 * H1 to H3.
 *
 * <p>What it does, it does to that object, wherever its name was moved within its directory.
 * <i>Races:</i> to delete or move it, its name is taken into a private directory first, so that for
 * an instant it has no other name; see {@link Deleter#deleteIfSame}.
 */
public final class Pin implements Closeable {
  private final Place place;
  private final ParentRef found;

  /** The name in that directory that it was last given from here, or was found by. */
  private volatile ParentRef last;

  private final FileHandle file;

  private Pin(Place place, ParentRef found, FileHandle file) {
    this.place = place;
    this.found = found;
    this.last = found;
    this.file = file;
  }

  /**
   * Pins what a place leads to.
   *
   * @param place a place with a name
   * @param links whether a link at the end is followed
   * @return to be closed
   * @throws NoSuchFileException if it does not exist
   * @throws IOException if it cannot be opened
   */
  public static Pin open(Place place, LinkMode links) throws IOException {
    if (links == LinkMode.FOLLOW) {
      Followed followed = Resolver.follow(place);
      if (followed.file().isPresent()) {
        return new Pin(place, followed.parent(), followed.file().get());
      }
      followed.close();
      throw new NoSuchFileException(place.display());
    }
    ParentRef parent = Resolver.parent(place);
    try {
      FileHandle file =
          parent
              .dir()
              .find(parent.name())
              .orElseThrow(() -> new NoSuchFileException(place.display()));
      return new Pin(place, parent, file);
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.close(parent, e);
      throw e;
    }
  }

  /**
   * Pins the file that a channel is on: under the name it was opened by, or another one in that
   * directory.
   *
   * @param place where it was opened
   * @param channel open, so that no other file has got its identity
   * @param seen which file that was; empty if it never had a name
   * @return to be closed
   * @throws IllegalStateException if it is not published yet
   * @throws java.nio.channels.ClosedChannelException if it is closed
   * @throws SourceChangedException if the file has no name there
   * @throws IOException if it cannot be opened
   */
  public static Pin of(Place place, FileChannel channel, Optional<Stat> seen) throws IOException {
    Stat stat =
        channel instanceof PublishingChannel publishing
            ? publishing.published()
            : seen.orElseThrow(() -> lost(place));
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      Pin pin = scope.add(find(place, stat));
      if (!channel.isOpen()) {
        throw new ClosedChannelException();
      }
      scope.release();
      return pin;
    }
  }

  private static Pin find(Place place, Stat stat) throws IOException {
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      Followed followed = scope.add(Resolver.follow(place));
      ParentRef at = locate(place, followed.parent(), stat);
      FileHandle file = scope.add(at.dir().find(at.name()).orElseThrow(() -> lost(place)));
      if (!file.stat().isSameFile(stat)) {
        throw lost(place);
      }
      if (followed.file().isPresent()) {
        followed.file().get().close();
      }
      scope.release();
      return new Pin(place, at, file);
    } catch (NoSuchFileException e) {
      throw lost(place);
    }
  }

  /**
   * Returns the open object.
   *
   * @return not to be closed
   */
  public FileHandle handle() {
    return file;
  }

  /**
   * Gives the object another name. Directories cannot have one.
   *
   * @param link the new name
   * @throws java.nio.file.FileAlreadyExistsException if it is taken
   * @throws NoSuchFileException if the object has lost its last name
   * @throws IOException if it cannot be linked
   */
  public void linkTo(Place link) throws IOException {
    if (!link.route().hasName()) {
      throw Nameless.alreadyExists(link);
    }
    try (ParentRef at = link.anchor().parent(link.route())) {
      Linker.link(file, at, link.display(), place.display());
      NameSync.asConfigured(at.dir(), link);
    }
  }

  /**
   * Tells where the object is.
   *
   * @return lossless absolute text in the file system's namespace; one of several names
   * @throws NoSuchFileException if it has no name any more
   * @throws IOException if it cannot be found out
   */
  public String currentPath() throws IOException {
    return place.anchor().realText(file, place.route());
  }

  /**
   * Tells whether a place is this object, a link at its end not followed.
   *
   * @param other the place
   * @return false also if nothing is there
   * @throws IOException if the place cannot be resolved otherwise
   */
  public boolean isAt(Place other) throws IOException {
    try (FileHandle there = other.open(LinkMode.NOFOLLOW)) {
      return there.stat().isSameFile(file.stat());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Removes the object's name in its directory.
   *
   * @throws SourceChangedException if it has no name there; nothing was touched
   * @throws DirectoryNotEmptyException if it is a directory with entries
   * @throws IOException if it cannot be removed
   */
  public void delete() throws IOException {
    Stat stat = file.stat();
    Tries tries = new Tries(place::display);
    while (tries.next()) {
      ParentRef at = locate(place, last, stat);
      switch (UserPath.in(place.display(), () -> Quarantine.removeIfSame(at, stat))) {
        case REMOVED -> {
          return;
        }
        case NOT_EMPTY -> throw new DirectoryNotEmptyException(place.display());
        default -> {}
      }
    }
    throw lost(place);
  }

  /**
   * Moves the object.
   *
   * @param target its new name
   * @param request the options
   * @throws SourceChangedException if it has no name in its directory; nothing was touched
   * @throws IOException as for {@link Mover#move}; it has its old name then, or the exception tells
   *     where it is
   */
  public void moveTo(Place target, MoveRequest request) throws IOException {
    UserPath.of(place, target, () -> moved(target, request));
  }

  private void moved(Place target, MoveRequest request) throws IOException {
    Stat stat = file.stat();
    if (!target.route().hasName()) {
      Nameless.refuseTarget(target, stat, request.replace());
      return;
    }
    try (ParentRef to = target.anchor().parent(target.route())) {
      ParentRef next = afterMove(to, stat);
      Tries tries = new Tries(place::display);
      while (tries.next()) {
        ParentRef at = locate(place, last, stat);
        try (Quarantine quarantine = UserPath.in(place.display(), () -> Quarantine.open(at))) {
          Quarantine.Claim claim = UserPath.in(place.display(), () -> quarantine.claim(stat));
          if (claim == Quarantine.Claim.CLAIMED || claim == Quarantine.Claim.NOT_MOVABLE) {
            ParentRef from = claim == Quarantine.Claim.CLAIMED ? quarantine.inside() : at;
            Sides sides =
                new Sides(
                    from,
                    to,
                    place.display(),
                    target.display(),
                    Sides.Origin.STAGED,
                    target.config());
            move(target, sides, request, claim, quarantine);
            last = next;
            return;
          }
        }
      }
    }
    throw lost(place);
  }

  /** Returns the name to look for after a move: of several in one directory the one just given. */
  private ParentRef afterMove(ParentRef to, Stat stat) throws IOException {
    boolean isHere = stat.linkCount() > 1 && to.dir().stat().isSameFile(found.dir().stat());
    return isHere ? new ParentRef(found.dir(), to.name()) : last;
  }

  private void move(
      Place target, Sides sides, MoveRequest request, Quarantine.Claim claim, Quarantine quarantine)
      throws IOException {
    boolean durable = request.durability() == MoveRequest.NameSync.DURABLE;
    Durability durability = durable ? Durability.FILE_AND_NAME : sides.config().durability();
    // Whatever ends it: a listener may throw anything.
    try (Cleanup.Scope unmoved = new Cleanup.Scope()) {
      if (claim == Quarantine.Claim.CLAIMED) {
        unmoved.<AutoCloseable>add(quarantine::putBack);
      }
      UserPath.of(place, target, () -> Mover.move(sides, request, durability));
      // The target may have been another name of the object: then nothing was moved.
      if (sides.from().dir().stat(sides.from().name()).isEmpty()) {
        unmoved.release();
      }
    }
  }

  /** Finds the object's name in its directory. The result is not owned. */
  private static ParentRef locate(Place place, ParentRef found, Stat stat) throws IOException {
    if (isNamed(found.dir(), found.name(), stat)) {
      return found;
    }
    try (Listing listing = found.dir().list()) {
      for (Optional<Entry> entry = listing.next(); entry.isPresent(); entry = listing.next()) {
        if (isNamed(found.dir(), entry.get().name(), stat)) {
          return new ParentRef(found.dir(), entry.get().name());
        }
      }
    }
    throw lost(place);
  }

  private static boolean isNamed(Dir dir, Name name, Stat stat) throws IOException {
    return dir.stat(name).map(stat::isSameFile).orElse(false);
  }

  private static SourceChangedException lost(Place place) {
    return new SourceChangedException(
        place.display(), null, "has no name any more in the directory it was found in");
  }

  @Override
  public void close() throws IOException {
    Cleanup.all(file::close, found::close);
  }
}

package dev.safefs.op;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.HardLinks;
import dev.safefs.Strictness;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Refusal;
import dev.safefs.handle.Stat;
import dev.safefs.op.Followed.Naming;
import dev.safefs.op.PendingWrite.Form;
import dev.safefs.request.Creation;
import dev.safefs.request.LinkMode;
import dev.safefs.request.OpenRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Optional;

/**
 * Opens whole files for writing: decides whether a pending file can take their place, and begins it
 * at once, so that what is wrong with the path, the permissions or the mount shows when the file is
 * opened.
 */
final class WholeFile {

  private WholeFile() {}

  /** What an opening leads to. */
  interface Opening<R> {
    /** Uses a pending file; owns it once it returns. */
    R pending(PendingWrite write) throws IOException;

    /** Uses a file that can only be written in place; does not own it. */
    R inPlace(FileHandle file) throws IOException;
  }

  static <R> R open(Place place, OpenRequest request, Form form, Opening<R> opening)
      throws IOException {
    FileTypes.refuseNameless(place, request);
    LinkMode links =
        request.creation() == Creation.CREATE_NEW ? LinkMode.NOFOLLOW : request.links();
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      Instant before = Instant.now();
      Followed target = scope.add(Resolver.find(place, links));
      Optional<Predecessor> old = Optional.empty();
      if (target.file().isPresent()) {
        Stat stat = checked(target, place, request);
        if (goesInPlace(target, stat, place)) {
          return inPlace(opening, target, scope);
        }
        Succession.permit(target.file().get(), stat, place);
        old = Optional.of(new Predecessor(target.file().get(), stat, before));
      } else if (request.creation() == Creation.OPEN_EXISTING) {
        throw new NoSuchFileException(place.display());
      }
      PendingWrite write;
      try {
        ParentRef at = old.isPresent() ? place.anchor().listed(target.parent()) : target.parent();
        write = scope.add(PendingWrite.begin(place, request, at, old, form));
      } catch (GuaranteeUnavailableException e) {
        // Such as an owner that cannot be given back: the file itself can be written, so it stays.
        if (old.isEmpty() || place.config().strictness() == Strictness.STRICT) {
          throw e;
        }
        return inPlace(opening, target, scope, place, e);
      } catch (FileSystemException e) {
        if (old.isEmpty() || !takesNoFiles(target.parent().dir(), e)) {
          throw e;
        }
        return inPlace(opening, target, scope, place, e);
      }
      if (old.isPresent()) {
        old.get().file().close();
      }
      R result = opening.pending(write);
      scope.release();
      return result;
    }
  }

  /** Goes on in place because of a failure, where best effort lets it. */
  private static <R> R inPlace(
      Opening<R> opening, Followed target, Cleanup.Scope scope, Place place, Exception failure)
      throws IOException {
    Exception first = failure.getCause() instanceof IOException cause ? cause : failure;
    Downgrade.accept(place.config().strictness(), place.display(), "W1 (whole files)", first);
    return inPlace(opening, target, scope);
  }

  private static <R> R inPlace(Opening<R> opening, Followed target, Cleanup.Scope scope)
      throws IOException {
    R result = opening.inPlace(target.file().orElseThrow());
    if (result instanceof Closeable closeable) {
      scope.add(closeable);
    }
    target.close();
    scope.release();
    return result;
  }

  private static Stat checked(Followed target, Place place, OpenRequest request)
      throws IOException {
    if (request.creation() == Creation.CREATE_NEW) {
      throw new FileAlreadyExistsException(place.display());
    }
    return FileTypes.refuse(target, place, request);
  }

  private static boolean goesInPlace(Followed target, Stat stat, Place place) throws IOException {
    return stat.type() != FileType.REGULAR
        || target.naming() == Naming.BY_KERNEL
        || !target.file().orElseThrow().isStored()
        || (stat.linkCount() > 1 && place.config().hardLinks() == HardLinks.IN_PLACE);
  }

  /**
   * Tells whether nothing can be created in a directory, now that a creation has failed. A security
   * module may refuse what the permissions allow, and a mount may have no number for this user, who
   * may write its files all the same; mount_setattr(2).
   */
  private static boolean takesNoFiles(Dir dir, FileSystemException failure) throws IOException {
    return Refusal.NOT_PERMITTED.isIn(failure)
        || Refusal.UNSUPPORTED.isIn(failure)
        || isReadOnly(dir);
  }

  private static boolean isReadOnly(Dir dir) throws IOException {
    try (FileHandle self = dir.self()) {
      self.checkAccess(AccessMode.WRITE, AccessMode.EXECUTE);
      return false;
    } catch (FileSystemException e) {
      // The mount is, or the directory is immutable.
      return Refusal.READ_ONLY.isIn(e) || Refusal.NOT_PERMITTED.isIn(e);
    }
  }
}

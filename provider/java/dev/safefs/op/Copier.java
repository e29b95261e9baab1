package dev.safefs.op;

import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.LinkMode;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;

/** Copies files. Promises C1 to C5. */
public final class Copier {

  private Copier() {}

  /**
   * Copies a file, a directory without its entries, or a symbolic link itself.
   *
   * <p>The source is opened once; type, content and attributes come from that handle.
   * <i>Atomicity:</i> a reader of the target sees nothing, or the old file, until it sees the whole
   * copy with its attributes. <i>Durability:</i> content is synced before it gets the name, as far
   * as the request or the target's settings ask.
   *
   * <p><i>Outcomes:</i> the copy has the target's name; or both are one file and nothing changed;
   * or an exception, and the target is as it was.
   *
   * @param source what
   * @param target the name of the copy
   * @param request the options
   * @throws FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws java.nio.file.DirectoryNotEmptyException if the target is a directory with entries
   * @throws java.nio.file.NoSuchFileException if the source does not exist
   * @throws dev.safefs.SourceChangedException if the source changed meanwhile and that was to be
   *     found out
   * @throws dev.safefs.GuaranteeUnavailableException if blocks were to be shared and cannot be, or
   *     an attribute cannot be kept and the file system is strict
   * @throws java.io.InterruptedIOException if the copy is interruptible and the thread was
   *     interrupted, which it still is
   * @throws IOException if it fails otherwise
   */
  public static void copy(Place source, Place target, CopyRequest request) throws IOException {
    UserPath.of(source, target, () -> copyPinned(source, target, request));
  }

  private static void copyPinned(Place source, Place target, CopyRequest request)
      throws IOException {
    try (FileHandle file = source.open(request.links())) {
      Stat stat = file.stat();
      if (!target.route().hasName()) {
        Nameless.refuseTarget(target, stat, request.replace());
        return;
      }
      try (ParentRef to = target.anchor().parent(target.route())) {
        Optional<Stat> existing = to.dir().stat(to.name());
        if (!TargetCheck.isSame(existing, to, stat, target.display(), request.replace())
            && !isFollowedLink(source, existing, request)) {
          new Copy(file, stat, to, target.display(), CopyPlan.of(request, source, target))
              .run(existing);
        }
      }
    }
  }

  /**
   * Tells whether the target is the link that was followed to the source, so that a replacement
   * would copy it onto itself.
   */
  private static boolean isFollowedLink(Place source, Optional<Stat> existing, CopyRequest request)
      throws IOException {
    if (request.links() == LinkMode.NOFOLLOW || request.replace() == Replace.NO_REPLACE) {
      return false;
    }
    if (existing.isEmpty() || existing.get().type() != FileType.SYMLINK) {
      return false;
    }
    try (FileHandle link = source.open(LinkMode.NOFOLLOW)) {
      return link.stat().isSameFile(existing.get());
    }
  }
}

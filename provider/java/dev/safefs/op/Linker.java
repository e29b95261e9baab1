package dev.safefs.op;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.request.InitialAttributes;
import dev.safefs.request.LinkMode;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.OptionalInt;

/** Creates and reads links. Promises L1, L2 and L4. */
public final class Linker {

  private Linker() {}

  /**
   * Creates a symbolic link, or replaces what has its name if the attributes say so.
   *
   * @param link where
   * @param target its content, lossless text
   * @param attributes {@code safe:replaceExisting} or none
   * @throws UnsupportedOperationException if permission bits are given, as the JDK does
   * @throws FileAlreadyExistsException if the name is taken and not to be replaced, or taken by a
   *     directory
   * @throws IOException if it cannot be created
   */
  public static void createSymbolicLink(Place link, String target, InitialAttributes attributes)
      throws IOException {
    if (attributes.mode().isPresent()) {
      throw new UnsupportedOperationException(
          "Initial file attributes not supported when creating symbolic link");
    }
    if (!link.route().hasName()) {
      throw Nameless.alreadyExists(link);
    }
    try (ParentRef at = link.anchor().parent(link.route())) {
      CreateResult result = at.dir().symlink(target, at.name());
      if (result == CreateResult.EXISTS && attributes.replace() == Replace.REPLACE) {
        UserPath.of(link.display(), () -> new SymlinkReplacement(at, target, link).replace());
      } else if (result != CreateResult.CREATED) {
        throw failure(result, "symlinkat", link.display());
      }
      NameSync.asConfigured(at.dir(), link);
    }
  }

  /**
   * Creates a symbolic link, or replaces what has its name but a directory. <i>Atomicity:</i> a
   * reader resolves the old link or the new one, and never finds none.
   *
   * @param link where
   * @param target its content, lossless text
   * @throws FileAlreadyExistsException if a directory has the name
   * @throws dev.safefs.RaceDetectedException if the name holds something else than what was
   *     published
   * @throws IOException if it cannot be created
   */
  public static void replaceSymbolicLink(Place link, String target) throws IOException {
    createSymbolicLink(link, target, new InitialAttributes(OptionalInt.empty(), Replace.REPLACE));
  }

  /**
   * Replaces a symbolic link if it still has an expected content: compare and swap. Of several
   * callers that expect the same, one wins. <i>Races:</i> optimistic. Where the link changes
   * between the look and the exchange, the new one is visible for an instant before it is taken
   * back.
   *
   * @param link where
   * @param expected the content it is expected to have, lossless text
   * @param target its new content, lossless text
   * @return whether it was replaced; if not, nothing changed
   * @throws dev.safefs.GuaranteeUnavailableException if there is no atomic exchange here and the
   *     file system is strict
   * @throws IOException if it fails otherwise
   */
  public static boolean replaceSymbolicLink(Place link, String expected, String target)
      throws IOException {
    try (ParentRef at = Resolver.parent(link)) {
      SymlinkReplacement replacement = new SymlinkReplacement(at, target, link);
      boolean replaced = UserPath.in(link.display(), () -> replacement.replaceIf(expected));
      if (replaced) {
        NameSync.asConfigured(at.dir(), link);
      }
      return replaced;
    }
  }

  /**
   * Gives an existing file another name. The file is pinned first, and a symbolic link is linked
   * itself, as link(2) does on Linux.
   *
   * @param link the new name
   * @param existing the file
   * @throws FileAlreadyExistsException if the new name is taken
   * @throws NoSuchFileException if the file does not exist
   * @throws FileSystemException if it is a directory or on another file system, or the file system
   *     has no hard links
   * @throws IOException if it cannot be linked
   */
  public static void createLink(Place link, Place existing) throws IOException {
    try (FileHandle file = named(link, existing, () -> existing.open(LinkMode.NOFOLLOW))) {
      if (!link.route().hasName()) {
        throw Nameless.alreadyExists(link);
      }
      try (ParentRef at = named(link, existing, () -> link.anchor().parent(link.route()))) {
        link(file, at, link.display(), existing.display());
        NameSync.asConfigured(at.dir(), link);
      }
    }
  }

  /** Names both paths when something is missing or no directory, as the JDK does. */
  private static <T> T named(Place link, Place existing, UserPath.Call<T> call) throws IOException {
    try {
      return call.run();
    } catch (FileSystemException e) {
      throw UserPath.both(e, link, existing);
    }
  }

  /**
   * Reads the content of a symbolic link.
   *
   * @param link which
   * @return lossless text
   * @throws java.nio.file.NotLinkException if it is something else
   * @throws IOException if it cannot be read
   */
  public static String readSymbolicLink(Place link) throws IOException {
    try (FileHandle file = link.open(LinkMode.NOFOLLOW)) {
      return file.readLink();
    }
  }

  /** Gives an open file a name, with the outcomes of {@link #createLink}. */
  static void link(FileHandle file, ParentRef at, String link, String existing) throws IOException {
    switch (at.dir().link(file, at.name())) {
      case CREATED -> {}
      case EXISTS -> throw new FileAlreadyExistsException(link, existing, null);
      case SOURCE_GONE -> throw new NoSuchFileException(link, existing, null);
      case CROSS_DEVICE ->
          throw new FileSystemException(
              link, existing, "linkat: EXDEV (Invalid cross-device link)");
      case ONLY_BY_NAME ->
          throw new GuaranteeUnavailableException(
              link,
              existing,
              "linkat: ENOENT: L4: an open file is linked through procfs, which is not there");
      case UNSUPPORTED ->
          throw new FileSystemException(
              link,
              existing,
              file.stat().type() == FileType.DIRECTORY
                  ? "linkat: EPERM (Operation not permitted): a directory"
                  : "linkat: EPERM (Operation not permitted): no hard links here");
    }
  }

  private static FileSystemException failure(CreateResult result, String call, String display) {
    return result == CreateResult.EXISTS
        ? new FileAlreadyExistsException(display)
        : new FileSystemException(
            display, null, call + ": EPERM (Operation not permitted): not supported here");
  }
}

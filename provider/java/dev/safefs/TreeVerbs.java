package dev.safefs;

import dev.safefs.op.Directories;
import dev.safefs.op.Place;
import dev.safefs.op.TreeOps;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.InitialAttributes;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The verbs of {@link SafeFiles} on trees and directories. Each directory is held open while its
 * entries are acted on, so that nothing outside the tree is touched, whatever is swapped meanwhile.
 */
abstract class TreeVerbs {

  TreeVerbs() {}

  /**
   * Deletes a file, a link itself, or a directory with all that is in it. Promises D2 and R7.
   *
   * <pre>{@code
   * SafeFiles.deleteTree(work, TreeOption.COLLECT_FAILURES);
   * }</pre>
   *
   * <p><i>Atomicity:</i> none; a failure leaves what was not deleted. <i>Durability:</i> nothing is
   * synced. <i>Races:</i> links are deleted and never followed; what others delete meanwhile is no
   * failure, and what they create is deleted, too. Other mounts in the tree are emptied, unless
   * {@link MountPolicy} says otherwise; a mount point is a failure either way, rmdir(2), EBUSY.
   * Permissions are never changed to force a deletion. Without options two threads may delete.
   *
   * @param tree what
   * @param options of {@link TreeOption}
   * @throws java.nio.file.NoSuchFileException if it does not exist
   * @throws java.nio.file.DirectoryNotEmptyException if others fill a directory faster than it is
   *     emptied, 128 times
   * @throws IOException the first failure that the options do not ignore, or the path is a root or
   *     ends in a dot or two
   */
  public static void deleteTree(Path tree, TreeOption... options) throws IOException {
    TreeOps.deleteTree(Places.of(tree), TreeOptions.parse(tree, options).plan());
  }

  /**
   * Copies a file or a directory with all that is in it. Promises C1 to C5, D2 and R7.
   *
   * <pre>{@code
   * SafeFiles.copyTree(template, site, StandardCopyOption.COPY_ATTRIBUTES);
   * }</pre>
   *
   * <p>Links in the tree are copied themselves, and each of several hard links becomes a file of
   * its own. Other mounts in it are copied, too, unless the file system's {@link MountPolicy} says
   * otherwise; devices and FIFOs are made again and never opened, a socket is a failure.
   *
   * <p><i>Atomicity:</i> the target appears with all that was copied, by one rename.
   * <i>Durability:</i> contents and names within the tree are synced before it appears, unless the
   * target's {@link Durability} is {@code NONE}; its own name as that or the options ask.
   * <i>Races:</i> each entry is opened once, and its type, attributes and content are of that
   * object. Entries that come or go meanwhile may be in the copy or not, and what is written
   * meanwhile be copied in part; with {@link SafeCopyOption#VERIFY_STABLE} such a file is a
   * failure.
   *
   * @param source what
   * @param target the name of the copy
   * @param options as for {@code Files.copy}, {@link SafeCopyOption} and {@link TreeOption}; {@code
   *     NOFOLLOW_LINKS} is about the source itself, {@code REPLACE_EXISTING} about a target that is
   *     a file or an empty directory
   * @throws java.nio.file.FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws java.nio.file.DirectoryNotEmptyException if the target is a directory with entries
   * @throws SourceChangedException if a directory was replaced while it was opened, or see {@link
   *     SafeCopyOption#VERIFY_STABLE}
   * @throws GuaranteeUnavailableException if a file cannot be replaced without a gap, or an
   *     attribute cannot be kept, and the file system is strict
   * @throws IOException the first failure, and the target is as it was; with a {@link TreeOption}
   *     about failures, after the target has appeared without what failed
   */
  public static void copyTree(Path source, Path target, CopyOption... options) throws IOException {
    TreeOptions parsed = TreeOptions.parse(source, options);
    CopyRequest request = CopyRequest.parse(parsed.others());
    TreeOps.copyTree(Places.of(source), Places.of(target), request, parsed.plan());
  }

  /**
   * Moves a file, a link itself, or a directory with all that is in it. Promises M1 to M3.
   *
   * <pre>{@code
   * SafeFiles.moveTree(spool.resolve("done"), archive.resolve("2026-11-21"));
   * }</pre>
   *
   * <p><i>Atomicity:</i> within a file system, as {@link SafeFiles#move}. To another one, the
   * target appears whole, with every attribute, and then those entries of the source are deleted
   * that still are as they were copied, by type, size, time of modification and content of links; a
   * crash leaves all of it in the target, or all in the source. <i>Durability:</i> as for {@link
   * #copyTree}, and of the names as the options or the target's {@link Durability} ask.
   *
   * @param source what
   * @param target its new name
   * @param options as for {@link SafeFiles#move}, and {@link TreeOption#onProgress}
   * @throws java.nio.file.FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws java.nio.file.DirectoryNotEmptyException if the target is a directory with entries
   * @throws java.nio.file.AtomicMoveNotSupportedException if one rename was asked for and cannot
   * @throws SourceChangedException if the source changed meanwhile; what changed was kept, and so
   *     was the copy, if it had appeared
   * @throws UnsupportedOperationException for another option, also {@link TreeOption#onFailure}
   * @throws IOException if it fails otherwise; the target is as it was, or the copy if something of
   *     the source could not be deleted
   */
  public static void moveTree(Path source, Path target, CopyOption... options) throws IOException {
    TreeOptions parsed = TreeOptions.parse(source, options).withoutFailures();
    MoveRequest request = MoveRequest.parse(parsed.others());
    TreeOps.moveTree(Places.of(source), Places.of(target), request, parsed.plan());
  }

  /**
   * Walks a directory tree, directories before their entries, links not followed. Promises D2 and
   * R7. The stream holds some directories open, at any depth, and is to be closed:
   *
   * <pre>{@code
   * try (Stream<TreeEntry> entries = SafeFiles.walk(dir)) {
   *   long bytes = entries.mapToLong(entry -> entry.attributes().size()).sum();
   * }
   * }</pre>
   *
   * <p><i>Races:</i> each entry's attributes are read in its open directory, so that they are those
   * of an entry of the tree. What vanishes meanwhile is left out. Closing the file system closes
   * the stream, too, and what it would read later is a {@code ClosedFileSystemException}.
   *
   * @param dir the directory
   * @param options {@code NOFOLLOW_LINKS} if the directory itself may be no link
   * @return all entries but the directory itself, in no order but that; sequential; it and its
   *     {@code close} fail with a {@link java.io.UncheckedIOException}
   * @throws java.nio.file.NotDirectoryException if it is something else, also a link with {@code
   *     NOFOLLOW_LINKS}
   * @throws java.nio.file.NoSuchFileException if it does not exist
   * @throws IOException if it cannot be opened
   */
  public static Stream<TreeEntry> walk(Path dir, LinkOption... options) throws IOException {
    SafePath root = Places.adopt(dir);
    PathCodec codec = root.getFileSystem().delegate().codec();
    Namespace namespace = root.getFileSystem().namespace();
    return namespace.keep(TreeOps.walk(root.place(), LinkMode.parse(options))).stream()
        .map(
            entry -> {
              Path inner = root.inner().resolve(codec.path(entry.relative()));
              Path path = Places.like(dir, root.getFileSystem().wrap(inner));
              return new TreeEntry(path, new EntryAttributes(entry.stat()));
            });
  }

  /**
   * Creates a directory and those above it that do not exist, each in the one above held open.
   *
   * <pre>{@code
   * SafeFiles.createDirectories(root.resolve(entry.getName()).getParent());
   * }</pre>
   *
   * <p><i>Atomicity:</i> none; a failure leaves those that were created. <i>Durability:</i> of the
   * names as the file system's {@link Durability} asks. <i>Races:</i> what others create meanwhile
   * is taken; links are followed as the file system's {@link LinkPolicy} allows.
   *
   * @param dir where
   * @param attributes {@code posix:permissions}, less the umask, for each directory that is
   *     created; mkdir(2)
   * @throws java.nio.file.FileAlreadyExistsException if something else than a directory has one of
   *     the names, or a link that leads nowhere
   * @throws PathEscapeException if a link leads out of a confined file system
   * @throws UnsupportedOperationException for another attribute
   * @throws IOException if one cannot be created
   */
  public static void createDirectories(Path dir, FileAttribute<?>... attributes)
      throws IOException {
    InitialAttributes initial = InitialAttributes.parseWithoutReplace(attributes);
    Directories.createAll(Places.of(dir), initial);
  }

  /**
   * Publishes a whole directory in the place of another, which is handed back.
   *
   * <pre>{@code
   * Optional<Path> old = SafeFiles.replaceDirectory(staged, live);
   * if (old.isPresent()) {
   *   SafeFiles.deleteTree(old.get());
   * }
   * }</pre>
   *
   * <p><i>Atomicity:</i> a reader of the live name sees the old directory or the new one, never
   * none. What is open in the old one stays open. <i>Durability:</i> of the names as the file
   * system's {@link Durability} asks; contents are as durable as they were written. <i>Races:</i>
   * both are looked at first, and what has the names at the moment of the exchange is exchanged.
   *
   * @param staged the new directory, on the same file system
   * @param live the name to be seen; links are not followed
   * @return where the old directory is now: the staged path; empty if there was none
   * @throws java.nio.file.NoSuchFileException if there is no staged directory
   * @throws java.nio.file.NotDirectoryException if one of both is something else, also a link
   * @throws java.nio.file.DirectoryNotEmptyException if there is no live one, and the name is on
   *     another file system
   * @throws GuaranteeUnavailableException if there is a live one, and no atomic exchange here,
   *     however strict; nothing changed
   * @throws IOException if it fails otherwise; nothing changed
   */
  public static Optional<Path> replaceDirectory(Path staged, Path live) throws IOException {
    Place to = Places.of(live);
    return switch (Directories.replace(Places.of(staged), to)) {
      case EXCHANGED -> Optional.of(staged);
      case NOTHING -> Optional.empty();
    };
  }
}

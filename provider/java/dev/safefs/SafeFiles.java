package dev.safefs;

import dev.safefs.op.AcrossProviders;
import dev.safefs.op.Anonymous;
import dev.safefs.op.Copier;
import dev.safefs.op.Deleter;
import dev.safefs.op.FileReplacement;
import dev.safefs.op.Linker;
import dev.safefs.op.Mover;
import dev.safefs.op.PendingWrite;
import dev.safefs.op.Pin;
import dev.safefs.op.Place;
import dev.safefs.op.Sweeper;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code java.nio.file.Files} has no verb for. Each method takes paths of any SafeFS file
 * system, and of the JDK's default one, which it treats as {@code safe:///} does. Exceptions that
 * all throw, and what holds where only the sync of a name fails, are told by {@link dev.safefs};
 * more examples by the project's {@code docs/cookbook.md}.
 */
public final class SafeFiles extends TreeVerbs {

  /** Makes the content of a file. */
  @FunctionalInterface
  public interface Body {
    /**
     * Writes it.
     *
     * @param out where to, not buffered; need not be closed, but what buffers it is to be flushed
     * @throws IOException if there is to be no file; a {@code RuntimeException} does the same
     */
    void writeTo(OutputStream out) throws IOException;
  }

  private SafeFiles() {}

  /**
   * Begins a file that is published by a commit. Promise W7. Example: {@link PendingFile}.
   *
   * @param path the file; a link at its end is written through, but for {@code NOFOLLOW_LINKS}
   * @param options as for {@code Files.newByteChannel}, with {@code WRITE} understood; none means
   *     {@code CREATE} and {@code TRUNCATE_EXISTING}. Without {@code TRUNCATE_EXISTING} the pending
   *     content begins as a copy of the old
   * @return to be closed, committed or not
   * @throws UnsupportedOperationException for {@code DELETE_ON_CLOSE}
   * @throws IllegalArgumentException for {@code IN_PLACE}, {@code READ} with {@code APPEND}, {@code
   *     APPEND} with {@code TRUNCATE_EXISTING}
   * @throws java.nio.file.NoSuchFileException if there is no file and none is to be created
   * @throws FileAlreadyExistsException if there is one and {@code CREATE_NEW} is given
   * @throws GuaranteeUnavailableException if it cannot be replaced as a whole, however strict: it
   *     is special, its owner or attributes cannot be kept, its directory may not be written, or it
   *     has several names and {@link HardLinks} is not {@code SPLIT}
   * @throws IOException if it may not be written, is a directory or link, or cannot begin
   */
  public static PendingFile pending(Path path, OpenOption... options) throws IOException {
    SafePath file = Places.adopt(path);
    OpenRequest request = WholeFileOptions.parse(file, options);
    PendingFile pending = new PendingFile(PendingWrite.open(file.place(), request));
    return file.getFileSystem().namespace().keep(pending);
  }

  /**
   * Writes a file whole, if its body returns normally. Promises W1 and W7.
   *
   * <pre>{@code
   * SafeFiles.write(config, out -> properties.store(out, null));
   * }</pre>
   *
   * <p><i>Atomicity, Durability, Races:</i> as for {@link PendingFile#commit}.
   *
   * @param path the file, created or replaced
   * @param body makes the content
   * @param options as for {@link #pending}, with its exceptions
   * @throws IOException if the body throws it, as for {@link #pending}, or as for {@link
   *     PendingFile#commit}; the old file is as it was
   */
  public static void write(Path path, Body body, OpenOption... options) throws IOException {
    try (PendingFile file = pending(path, options)) {
      body.writeTo(Channels.newOutputStream(file.channel()));
      file.commit();
    }
  }

  /**
   * Replaces a file whole if it still is a given one: compare and swap. Promise L2. Of several
   * callers that expect the same file, one wins.
   *
   * <pre>{@code
   * Object key = Files.readAttributes(state, BasicFileAttributes.class).fileKey();
   * byte[] next = next(Files.readAllBytes(state));
   * boolean won = SafeFiles.replaceIfSame(state, key, out -> out.write(next));
   * }</pre>
   *
   * <p><i>Atomicity:</i> a reader sees the old file until it sees the new one whole. The file
   * system's {@link Durability} holds. <i>Races:</i> see {@link dev.safefs}. What is written in
   * place is not noticed. A key may be that of a later file once nobody holds the first one open;
   * {@link #pin} does.
   *
   * @param path the file; a link is not followed
   * @param fileKey of the file that is to be replaced, as its attributes or {@link
   *     PinnedFile#fileKey} gave it
   * @param body makes the content; not run if the file is another one already
   * @return whether it was replaced; if not, nothing changed
   * @throws GuaranteeUnavailableException if there is no atomic exchange here, or something of the
   *     old file cannot be kept, and the file system is strict; or as {@link HardLinks} says
   * @throws RaceDetectedException if the new file could not be taken back
   * @throws IOException if the body throws it, or a write of it failed, it is no regular file or
   *     may not be written, or it fails otherwise; the old file is as it was
   */
  public static boolean replaceIfSame(Path path, Object fileKey, Body body) throws IOException {
    SafePath file = Places.adopt(path);
    return FileReplacement.replaceIfSame(
        file.place(), fileKey, file.config().durability(), body::writeTo);
  }

  /**
   * Copies a stream to a file, which appears whole or not at all, and with {@code REPLACE_EXISTING}
   * is replaced as by {@link #write}: attributes carry over, and a link is written through.
   * Promises C2 and W4. <i>Atomicity, Durability, Races:</i> as for {@link PendingFile#commit}.
   *
   * @param in read to its end, not closed
   * @param target the file
   * @param options of {@code REPLACE_EXISTING} and {@link SafeCopyOption#DURABLE}
   * @return how many bytes were copied
   * @throws FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws GuaranteeUnavailableException as for {@link #pending}
   * @throws IOException if reading or writing fails, or it is a directory; the target is as it was
   */
  public static long copy(InputStream in, Path target, CopyOption... options) throws IOException {
    try (PendingFile file = pending(target, WholeFileOptions.of(options))) {
      long copied = in.transferTo(Channels.newOutputStream(file.channel()));
      file.commit();
      return copied;
    }
  }

  /**
   * Copies a file, a directory without its entries, or with {@code NOFOLLOW_LINKS} a symbolic link.
   * Promises C1 to C5, also where a path is of any other provider.
   *
   * <pre>{@code
   * SafeFiles.copy(zipFileSystem.getPath("/data.csv"), dir.resolve("data.csv"));
   * }</pre>
   *
   * <p><i>Atomicity:</i> the target appears whole, with its attributes; in another provider, as far
   * as that can rename. Onto itself nothing changes. <i>Durability:</i> as the options or the
   * target's {@link Durability} say. <i>Races:</i> content and attributes are read from one open
   * file; what is written to it meanwhile may be copied in part, see {@link
   * SafeCopyOption#VERIFY_STABLE}.
   *
   * @param source what
   * @param target the name of the copy; a link there is replaced itself
   * @param options as for {@code Files.copy}, {@code ExtendedCopyOption.INTERRUPTIBLE} and {@link
   *     SafeCopyOption}; between engines {@code COPY_ATTRIBUTES} does not take the owner
   * @throws FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws java.nio.file.DirectoryNotEmptyException if it is a directory with entries
   * @throws SourceChangedException see {@link SafeCopyOption#VERIFY_STABLE}
   * @throws java.io.InterruptedIOException if interrupted; the thread still is
   * @throws GuaranteeUnavailableException if the target is in a zip file, which shows no file
   *     before it is closed; or an attribute is not kept, or a file does not replace a directory
   *     without a gap, and the file system is strict; or see {@link SafeCopyOption#REFLINK_ONLY}
   * @throws IOException if it fails, or is special and refused; the target is as it was
   */
  public static void copy(Path source, Path target, CopyOption... options) throws IOException {
    CopyRequest request = CopyRequest.parse(options);
    try (Places.Adopted from = Places.adoptAny(source);
        Places.Adopted to = Places.adoptAny(target)) {
      if (from.isForeign() || to.isForeign()) {
        AcrossProviders.copy(from.path().place(), to.path().place(), request);
      } else {
        Copier.copy(from.path().place(), to.path().place(), request);
      }
    }
  }

  /**
   * Moves a file, a symbolic link itself, or a directory. Promises M1 to M4, also where a path is
   * of any other provider.
   *
   * <pre>{@code
   * SafeFiles.move(staged, cache.resolve(key)); // FileAlreadyExistsException: another was first
   * }</pre>
   *
   * <p><i>Atomicity:</i> one rename within a file system, renameat2(2), Linux 3.15; without that a
   * file has both names for an instant, and an empty directory comes before the moved one. To
   * another file system the target appears whole, and then the source is removed, if it still is
   * what was copied; a crash leaves source or both. Onto another name of the same file nothing
   * changes. <i>Durability:</i> as the options or the target's {@link Durability} say.
   *
   * @param source what
   * @param target its new name; a link there is replaced itself
   * @param options as for {@code Files.move}, {@link SafeCopyOption#DURABLE} and {@link
   *     SafeCopyOption#progress}
   * @throws FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws java.nio.file.DirectoryNotEmptyException if it is a directory with entries; or the
   *     source is, and the target on another file system: see {@link #moveTree}
   * @throws java.nio.file.AtomicMoveNotSupportedException if one rename was asked for and cannot
   * @throws SourceChangedException if the source was replaced or changed while it was copied, and
   *     is kept; so is the copy, if it was published
   * @throws GuaranteeUnavailableException if either is in a zip file; or M1, M2 or an attribute
   *     cannot be kept, and the file system is strict
   * @throws IOException if it fails; the target is as it was, or a copy that replaced it remains
   */
  public static void move(Path source, Path target, CopyOption... options) throws IOException {
    MoveRequest request = MoveRequest.parse(options);
    try (Places.Adopted from = Places.adoptAny(source);
        Places.Adopted to = Places.adoptAny(target)) {
      if (from.isForeign() || to.isForeign()) {
        AcrossProviders.move(from.path().place(), to.path().place(), request);
      } else {
        Mover.move(from.path().place(), to.path().place(), request);
      }
    }
  }

  /**
   * Swaps two names of any types, links themselves. Promise M5; renameat2(2), Linux 3.15.
   *
   * <p><i>Atomicity:</i> a reader sees both before or both after. {@code b}'s {@link Durability}
   * holds.
   *
   * @param a one
   * @param b the other
   * @throws GuaranteeUnavailableException if the kernel or file system cannot, or they are on
   *     different ones, however strict; nothing changed
   * @throws java.nio.file.NoSuchFileException if one does not exist
   * @throws IOException if it fails otherwise, as one is in the other; nothing changed
   */
  public static void exchange(Path a, Path b) throws IOException {
    Mover.exchange(Places.of(a), Places.of(b));
  }

  /**
   * Creates a symbolic link, or replaces what has its name but a directory. Promise L1.
   *
   * <p><i>Atomicity:</i> a reader resolves the old link or the new one, and never finds none; on
   * most FUSE servers it may, if it had looked the old one up. <i>Durability:</i> of the name, as
   * the file system's {@link Durability} says.
   *
   * @param link where
   * @param target what it points to, not looked at
   * @throws FileAlreadyExistsException if a directory has the name
   * @throws RaceDetectedException if the name holds something else than what was published
   * @throws IOException if it cannot be created; what had the name has it
   */
  public static void replaceSymbolicLink(Path link, Path target) throws IOException {
    Linker.replaceSymbolicLink(Places.of(link), Places.text(target));
  }

  /**
   * Replaces a symbolic link if it still points to what is expected: compare and swap. Promise L2.
   * Of several callers that expect the same, one wins.
   *
   * <p><i>Atomicity, Durability, Races:</i> as for {@link #replaceIfSame}.
   *
   * @param link where
   * @param expected what it is expected to point to, compared as text
   * @param target what it is to point to, not looked at
   * @return whether it was replaced; if not, it is no link, or another one, and nothing changed
   * @throws GuaranteeUnavailableException if there is no atomic exchange here and the file system
   *     is strict
   * @throws RaceDetectedException if the new link could not be taken back
   * @throws IOException if it fails otherwise; the link is as it was
   */
  public static boolean replaceSymbolicLink(Path link, Path expected, Path target)
      throws IOException {
    return Linker.replaceSymbolicLink(Places.of(link), Places.text(expected), Places.text(target));
  }

  /**
   * Removes a file, a link itself, or an empty directory, if it still is a given one. Promise D1.
   *
   * <pre>{@code
   * Object key = Files.readAttributes(lock, BasicFileAttributes.class).fileKey();
   * boolean mine = SafeFiles.deleteIfSame(lock, key);
   * }</pre>
   *
   * <p>Not synced. <i>Races:</i> see {@link PinnedFile}, and of keys {@link #replaceIfSame}.
   *
   * @param path what
   * @param fileKey as its attributes or {@link PinnedFile#fileKey} gave it
   * @return whether it was removed; if not, nothing has the name, or something else
   * @throws java.nio.file.DirectoryNotEmptyException if it is a directory with entries
   * @throws RaceDetectedException if another file was taken and could not be put back, telling
   *     where it is
   * @throws IOException if it cannot be removed; it has its name
   */
  public static boolean deleteIfSame(Path path, Object fileKey) throws IOException {
    return Deleter.deleteIfSame(Places.of(path), fileKey) == Deleter.Deletion.DELETED;
  }

  /**
   * Holds a file, directory or symbolic link open itself. Promises H1 to H3. For an example see
   * {@link PinnedFile}.
   *
   * @param path what; no permission of its own is needed: open(2), {@code O_PATH}
   * @param options {@code NOFOLLOW_LINKS} to pin a link instead of what it leads to
   * @return to be closed
   * @throws java.nio.file.NoSuchFileException if it does not exist
   * @throws IOException if it cannot be opened, or the path is a root or ends in a dot or two
   */
  public static PinnedFile pin(Path path, LinkOption... options) throws IOException {
    Place place = Places.of(path);
    Pin pin = Pin.open(place, LinkMode.parse(options));
    PinnedFile pinned = new PinnedFile(path, place, pin);
    return Places.adopt(path).getFileSystem().namespace().keep(pinned);
  }

  /**
   * Holds the file open that a channel is on, to link, move or delete that file and no other.
   * Promises H1 to H3.
   *
   * <pre>{@code
   * try (FileChannel log = FileChannel.open(path, CREATE, APPEND);
   *     PinnedFile file = SafeFiles.pin(log)) {
   *   file.moveTo(archive.resolve(day));
   * }
   * }</pre>
   *
   * <p>Looked for, under whatever name, in the directory that the path it was opened by leads to.
   *
   * @param channel opened by {@code FileChannel.open} or {@code Files.newByteChannel} on a path of
   *     a SafeFS file system. Not one for reading of an ambient path outside of guards, if special
   *     files are allowed: that is the JDK's own, and tells nobody which file it is on
   * @return to be closed
   * @throws java.nio.file.ProviderMismatchException if it was opened otherwise
   * @throws IllegalStateException if the channel is to publish its file and has not yet
   * @throws java.nio.channels.ClosedChannelException if it is closed
   * @throws SourceChangedException if the file has no name there
   * @throws IOException if it cannot be opened
   */
  public static PinnedFile pin(Channel channel) throws IOException {
    return OpenedFile.pin(channel);
  }

  /**
   * Makes a file without a name. Promise T1. For an example see {@link AnonymousFile}.
   *
   * @param dir a directory of the mount it is to be on
   * @return to be closed, published or not
   * @throws java.nio.file.NotDirectoryException if it is something else
   * @throws IOException if nothing can be created there
   */
  public static AnonymousFile anonymousFile(Path dir) throws IOException {
    SafePath place = Places.adopt(dir);
    AnonymousFile file = new AnonymousFile(Anonymous.open(place.place()));
    return place.getFileSystem().namespace().keep(file);
  }

  /**
   * Begins a batch of files that are published together, with one sync for each directory. Promise
   * W6. For an example see {@link FileBatch}.
   *
   * @param dir the directory of the files
   * @param more others, also of other file systems
   * @return to be closed, committed or not
   * @throws java.nio.file.NotDirectoryException if one is something else
   * @throws IOException if one cannot be opened
   */
  public static FileBatch batch(Path dir, Path... more) throws IOException {
    return FileBatch.open(Stream.concat(Stream.of(dir), Stream.of(more)).toList());
  }

  /**
   * Removes what crashes of programs that use this library left in a directory, not in those
   * beneath it. Promise T2. A user's file that was in quarantine is put back under its name, if
   * that is free. Takes a second where links were left; an interrupt leaves them.
   *
   * <p><i>Races:</i> what a live process uses is never removed: it is marked by a lock, fcntl(2),
   * {@code F_OFD_SETLK}, Linux 3.15, and a link by its age. Without such locks, only sweep alone.
   *
   * @param dir the directory
   * @return what was removed
   * @throws IOException if it cannot be read, or something of the caller's own cannot be removed
   */
  public static List<Path> sweep(Path dir) throws IOException {
    return Sweeper.sweep(Places.of(dir)).stream()
        .map(text -> dir.resolve(text.substring(text.lastIndexOf('/') + 1)))
        .toList();
  }
}

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
 * system, and of the JDK's default one, which it treats as {@code safe:///} does.
 */
public final class SafeFiles extends TreeVerbs {

  /** Makes the content of a file. */
  @FunctionalInterface
  public interface Body {
    /**
     * Writes it.
     *
     * @param out where to; need not be closed
     * @throws IOException if there is to be no file
     */
    void writeTo(OutputStream out) throws IOException;
  }

  private SafeFiles() {}

  /**
   * Begins a file that is published by a commit. Promise W7. For an example see {@link
   * PendingFile}.
   *
   * @param path the file
   * @param options as for {@code Files.newOutputStream}; none means {@code CREATE} and {@code
   *     TRUNCATE_EXISTING}. Without {@code TRUNCATE_EXISTING} the pending content begins as a copy
   *     of the old
   * @return to be closed, committed or not
   * @throws IllegalArgumentException for {@code IN_PLACE}, {@code READ} with {@code APPEND}, and
   *     the like
   * @throws UnsupportedOperationException if the path is of another provider, or an option is not
   *     known
   * @throws GuaranteeUnavailableException if it cannot be published as a whole, as a special file
   * @throws IOException if it cannot begin
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
   * <p><i>Atomicity:</i> a reader sees the old file, or none, until it sees the new one whole.
   * <i>Durability:</i> as the options or the file system's {@link Durability} say.
   *
   * @param path the file, created or replaced
   * @param body makes the content
   * @param options as for {@link #pending}
   * @throws IOException if the body throws it, or the file cannot be published; the old file is as
   *     it was
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
   * <p><i>Atomicity:</i> as for {@link #write}. <i>Races:</i> callers take turns, by an advisory
   * lock of the directory. Towards other means of replacing the file, or where the directory may
   * not be read, it is optimistic: if it is replaced between the look and the exchange, the new one
   * is visible for an instant before it is taken back. A key may be that of a later file once
   * nobody holds the first one open; {@link #pin} does.
   *
   * @param path the file; a link is not followed
   * @param fileKey of the file that is to be replaced, as its attributes or {@link
   *     PinnedFile#fileKey} gave it
   * @param body makes the content; not run if the file is another one already
   * @return whether it was replaced; if not, nothing changed
   * @throws GuaranteeUnavailableException if there is no atomic exchange here and the file system
   *     is strict
   * @throws IOException if the body throws it, or it fails otherwise; the old file is as it was
   */
  public static boolean replaceIfSame(Path path, Object fileKey, Body body) throws IOException {
    SafePath file = Places.adopt(path);
    return FileReplacement.replaceIfSame(
        file.place(),
        fileKey,
        file.config().durability(),
        channel -> body.writeTo(Channels.newOutputStream(channel)));
  }

  /**
   * Copies a stream to a file, which appears whole or not at all, and with {@code REPLACE_EXISTING}
   * is replaced without a gap. Promise C2.
   *
   * <pre>{@code
   * SafeFiles.copy(request.getInputStream(), spool.resolve(id));
   * }</pre>
   *
   * @param in read to its end, not closed
   * @param target the file
   * @param options of {@code REPLACE_EXISTING} and {@link SafeCopyOption#DURABLE}
   * @return how many bytes
   * @throws FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws UnsupportedOperationException for another option or provider
   * @throws IOException if reading or writing fails; the target is as it was
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
   * Promises C1 to C5, also where one of the paths is of any other provider.
   *
   * <pre>{@code
   * SafeFiles.copy(zipFileSystem.getPath("/data.csv"), dir.resolve("data.csv"));
   * }</pre>
   *
   * <p><i>Atomicity:</i> the target appears whole, with its attributes; in another provider, as far
   * as that can rename. <i>Races:</i> content and attributes are read from one open file.
   *
   * @param source what
   * @param target the name of the copy
   * @param options as for {@code Files.copy}, and {@link SafeCopyOption}; between providers {@code
   *     COPY_ATTRIBUTES} does not take the owner
   * @throws FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws UnsupportedOperationException for another option
   * @throws GuaranteeUnavailableException if the target is in a zip file, which shows no file
   *     before it is closed
   * @throws IOException if it fails; the target is as it was
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
   * Moves a file, a symbolic link itself, or a directory. Promises M1 to M4, also where one of the
   * paths is of any other provider.
   *
   * <pre>{@code
   * SafeFiles.move(staged, cache.resolve(key)); // FileAlreadyExistsException: another was first
   * }</pre>
   *
   * <p><i>Atomicity:</i> one rename within a file system; else the target appears whole, and then
   * the source is removed, if it still is what was copied.
   *
   * @param source what
   * @param target its new name
   * @param options as for {@code Files.move}, and {@link SafeCopyOption#DURABLE}
   * @throws FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws SourceChangedException if the source was replaced or changed while it was copied; both
   *     are kept
   * @throws UnsupportedOperationException for another option
   * @throws GuaranteeUnavailableException if either is in a zip file
   * @throws IOException if it fails; the target is as it was
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
   * Swaps two names of any types. Promise M5.
   *
   * <pre>{@code
   * SafeFiles.exchange(dir.resolve("blue"), dir.resolve("green"));
   * }</pre>
   *
   * <p><i>Atomicity:</i> a reader sees both before or both after.
   *
   * @param a one
   * @param b the other
   * @throws GuaranteeUnavailableException if the kernel or file system cannot; nothing changed
   * @throws java.nio.file.NoSuchFileException if one does not exist
   * @throws IOException if it fails otherwise; nothing changed
   */
  public static void exchange(Path a, Path b) throws IOException {
    Mover.exchange(Places.of(a), Places.of(b));
  }

  /**
   * Creates a symbolic link, or replaces what has its name but a directory. Promise L1.
   *
   * <pre>{@code
   * SafeFiles.replaceSymbolicLink(app.resolve("current"), Path.of("releases", version));
   * }</pre>
   *
   * <p><i>Atomicity:</i> a reader resolves the old link or the new one, and never finds none.
   *
   * @param link where
   * @param target what it points to, not looked at
   * @throws FileAlreadyExistsException if a directory has the name
   * @throws RaceDetectedException if the name holds something else than what was published
   * @throws IOException if it cannot be created
   */
  public static void replaceSymbolicLink(Path link, Path target) throws IOException {
    Linker.replaceSymbolicLink(Places.of(link), Places.text(target));
  }

  /**
   * Replaces a symbolic link if it still points to what is expected: compare and swap. Promise L2.
   * Of several callers that expect the same, one wins.
   *
   * <pre>{@code
   * boolean won = SafeFiles.replaceSymbolicLink(leader, Path.of("nobody"), Path.of("node-7"));
   * }</pre>
   *
   * <p><i>Races:</i> callers take turns, by an advisory lock of the directory. Towards other means
   * of changing the link, or where the directory may not be read, it is optimistic: if the link
   * changes between the look and the exchange, the new one is visible for an instant before it is
   * taken back.
   *
   * @param link where
   * @param expected what it is expected to point to
   * @param target what it is to point to, not looked at
   * @return whether it was replaced; if not, nothing changed
   * @throws GuaranteeUnavailableException if there is no atomic exchange here and the file system
   *     is strict
   * @throws IOException if it fails otherwise
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
   * <p><i>Races:</i> another file that takes the name at that moment may be missing from it for an
   * instant. For keys see {@link #replaceIfSame}.
   *
   * @param path what
   * @param fileKey as its attributes or {@link PinnedFile#fileKey} gave it
   * @return whether it was removed; if not, nothing has the name, or something else
   * @throws java.nio.file.DirectoryNotEmptyException if it is a directory with entries
   * @throws RaceDetectedException if another file was taken and could not be put back, telling
   *     where it is
   * @throws IOException if it cannot be removed
   */
  public static boolean deleteIfSame(Path path, Object fileKey) throws IOException {
    return Deleter.deleteIfSame(Places.of(path), fileKey) == Deleter.Deletion.DELETED;
  }

  /**
   * Holds a file, directory or symbolic link open itself. Promises H1 to H3. For an example see
   * {@link PinnedFile}.
   *
   * @param path what
   * @param options {@code NOFOLLOW_LINKS} to pin a link instead of what it leads to
   * @return to be closed
   * @throws java.nio.file.NoSuchFileException if it does not exist
   * @throws IOException if it cannot be opened, or is a root
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
   * <p>The file is found in the directory it was opened in, under whatever name.
   *
   * @param channel opened by {@code FileChannel.open} or {@code Files.newByteChannel} on a path of
   *     a SafeFS file system. Not one for reading of a file system that allows special files, as
   *     the ambient one: that is the JDK's own, and tells nobody which file it is on
   * @return to be closed
   * @throws java.nio.file.ProviderMismatchException if SafeFS has not opened the channel
   * @throws IllegalStateException if the channel is to publish its file and has not yet
   * @throws java.nio.channels.ClosedChannelException if it is closed
   * @throws SourceChangedException if the file has no name in that directory any more
   * @throws IOException if it cannot be opened
   */
  public static PinnedFile pin(Channel channel) throws IOException {
    return OpenedFile.pin(channel);
  }

  /**
   * Makes a file without a name. Promise T1. For an example see {@link AnonymousFile}.
   *
   * @param dir a directory of the file system it is to be on
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
   * beneath it. Promise T2. A user's file that was in quarantine is put back under its name.
   *
   * <pre>{@code
   * SafeFiles.sweep(spool);
   * }</pre>
   *
   * <p><i>Races:</i> what a live process uses is marked, and never removed.
   *
   * @param dir the directory
   * @return what was removed
   * @throws IOException if the directory cannot be read, or something cannot be removed; what other
   *     users own is left alone
   */
  public static List<Path> sweep(Path dir) throws IOException {
    return Sweeper.sweep(Places.of(dir)).stream()
        .map(text -> dir.resolve(text.substring(text.lastIndexOf('/') + 1)))
        .toList();
  }
}

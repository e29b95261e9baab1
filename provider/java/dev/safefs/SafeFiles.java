package dev.safefs;

import dev.safefs.op.Copier;
import dev.safefs.op.Linker;
import dev.safefs.op.Mover;
import dev.safefs.op.PendingWrite;
import dev.safefs.op.Place;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * What {@code java.nio.file.Files} has no verb for. Each method takes paths of any SafeFS file
 * system, and of the JDK's default one, which it treats as {@code safe:///} does.
 */
public final class SafeFiles {

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

  private static final Set<OpenOption> WHOLE_FILE =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);

  private SafeFiles() {}

  /**
   * Begins a file that is published by a commit. Promise W7.
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
    SafePath file = adopt(path);
    Set<OpenOption> all = new HashSet<>(options.length == 0 ? WHOLE_FILE : Arrays.asList(options));
    all.add(StandardOpenOption.WRITE);
    all.add(SafeOpenOption.PUBLISH_ON_CLOSE);
    OpenRequest request = OpenRequest.parse(all, file.config());
    PendingFile pending = new PendingFile(PendingWrite.open(file.place(), request));
    return file.getFileSystem().namespace().keep(pending);
  }

  /**
   * Writes a file whole, if its body returns normally. Promises W1 and W7. <i>Atomicity:</i> a
   * reader sees the old file, or none, until it sees the new one whole.
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
   * Copies a stream to a file, which appears whole or not at all, and with {@code REPLACE_EXISTING}
   * is replaced without a gap. Promise C2.
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
    Set<OpenOption> open = openOptions(options);
    try (PendingFile file = pending(target, open.toArray(OpenOption[]::new))) {
      long copied = in.transferTo(Channels.newOutputStream(file.channel()));
      file.commit();
      return copied;
    }
  }

  /**
   * Copies a file, a directory without its entries, or with {@code NOFOLLOW_LINKS} a symbolic link.
   * Promises C1 to C5, also between providers, where {@code Files.copy} goes by paths.
   *
   * @param source what
   * @param target the name of the copy
   * @param options as for {@code Files.copy}, and {@link SafeCopyOption}
   * @throws FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws UnsupportedOperationException for another option or provider
   * @throws IOException if it fails; the target is as it was
   */
  public static void copy(Path source, Path target, CopyOption... options) throws IOException {
    CopyRequest request = CopyRequest.parse(options);
    Copier.copy(place(source), place(target), request);
  }

  /**
   * Moves a file, a symbolic link itself, or a directory. Promises M1 to M4, also between
   * providers, where {@code Files.move} goes by paths.
   *
   * @param source what
   * @param target its new name
   * @param options as for {@code Files.move}, and {@link SafeCopyOption#DURABLE}
   * @throws FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws UnsupportedOperationException for another option or provider
   * @throws IOException if it fails; the target is as it was
   */
  public static void move(Path source, Path target, CopyOption... options) throws IOException {
    MoveRequest request = MoveRequest.parse(options);
    Mover.move(place(source), place(target), request);
  }

  /**
   * Swaps two names of any types. Promise M5. <i>Atomicity:</i> a reader sees both before or both
   * after.
   *
   * @param a one
   * @param b the other
   * @throws GuaranteeUnavailableException if the kernel or file system cannot; nothing changed
   * @throws java.nio.file.NoSuchFileException if one does not exist
   * @throws IOException if it fails otherwise; nothing changed
   */
  public static void exchange(Path a, Path b) throws IOException {
    Mover.exchange(place(a), place(b));
  }

  /**
   * Creates a symbolic link, or replaces what has its name but a directory. Promise L1.
   * <i>Atomicity:</i> a reader resolves the old link or the new one, and never finds none.
   *
   * @param link where
   * @param target what it points to, not looked at
   * @throws FileAlreadyExistsException if a directory has the name
   * @throws RaceDetectedException if the name holds something else than what was published
   * @throws IOException if it cannot be created
   */
  public static void replaceSymbolicLink(Path link, Path target) throws IOException {
    Linker.replaceSymbolicLink(place(link), text(target));
  }

  /**
   * Replaces a symbolic link if it still points to what is expected: compare and swap. Promise L2.
   * Of several callers that expect the same, one wins. <i>Races:</i> optimistic. Where the link
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
    return Linker.replaceSymbolicLink(place(link), text(expected), text(target));
  }

  private static Set<OpenOption> openOptions(CopyOption... options) {
    Set<OpenOption> open = new HashSet<>(Set.of(StandardOpenOption.CREATE_NEW));
    for (CopyOption option : options) {
      if (Objects.requireNonNull(option) == StandardCopyOption.REPLACE_EXISTING) {
        open.remove(StandardOpenOption.CREATE_NEW);
        open.addAll(WHOLE_FILE);
      } else if (option == SafeCopyOption.DURABLE) {
        open.add(SafeOpenOption.DURABLE);
      } else {
        throw new UnsupportedOperationException(option + " not supported");
      }
    }
    return open;
  }

  private static Place place(Path path) throws IOException {
    return adopt(path).place();
  }

  private static String text(Path path) {
    SafePath safe = adopt(path);
    return safe.getFileSystem().delegate().codec().text(safe.inner());
  }

  private static SafePath adopt(Path path) {
    return path instanceof SafePath safe ? safe : registered().adopt(path);
  }

  private static SafeFileSystemProvider registered() {
    return FileSystemProvider.installedProviders().stream()
        .filter(SafeFileSystemProvider.class::isInstance)
        .map(SafeFileSystemProvider.class::cast)
        .findFirst()
        .orElseThrow(
            () -> new UnsupportedOperationException("no provider of scheme safe is installed"));
  }
}

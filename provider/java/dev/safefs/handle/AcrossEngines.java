package dev.safefs.handle;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.request.Reflink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import java.util.Set;

/**
 * What an engine answers that is given an object of another one, or of another file system: they
 * are to each other what two devices are. Content goes through channels, and what only has a
 * meaning where it comes from, such as numbers of owners, is left behind.
 */
public final class AcrossEngines {
  private static final int KEEP_OWNER = -1;
  private static final int PERMISSIONS_AND_STICKY = 01777;
  private static final int STEP_BYTES = 128 * 1024;

  private AcrossEngines() {}

  /**
   * Tells how a hard link ends. A taken name comes first, as with link(2).
   *
   * @param target the directory of the new name
   * @param name the new name
   * @return {@code EXISTS} or {@code CROSS_DEVICE}
   * @throws IOException if the name cannot be looked up
   */
  public static CreateResult link(Dir target, Name name) throws IOException {
    return target.stat(name).isPresent() ? CreateResult.EXISTS : CreateResult.CROSS_DEVICE;
  }

  /**
   * Copies all content, as {@link FileHandle#copyContentTo(FileHandle, Reflink, CopyMonitor)} does,
   * but for holes.
   *
   * @param source open for reading
   * @param target an empty regular file
   * @param reflink whether blocks are shared
   * @param monitor told of progress, and asked whether to go on
   * @throws GuaranteeUnavailableException if blocks were to be shared
   * @throws IOException if reading or writing fails, or as the monitor throws
   */
  public static void copyContent(
      FileHandle source, FileHandle target, Reflink reflink, CopyMonitor monitor)
      throws IOException {
    if (reflink == Reflink.ONLY) {
      throw new GuaranteeUnavailableException(
          target.display(), null, "C3 cannot be kept: no blocks are shared between providers");
    }
    ByteBuffer buffer = ByteBuffer.allocate(STEP_BYTES);
    try (FileChannel in = source.channel(Set.of(StandardOpenOption.READ));
        FileChannel out = target.channel(Set.of(StandardOpenOption.WRITE))) {
      long doneBytes = 0;
      while (in.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          doneBytes += out.write(buffer);
        }
        buffer.clear();
        monitor.progressed(doneBytes, Math.max(doneBytes, in.size()));
      }
    }
  }

  /**
   * Copies user-defined attributes, if both sides have such. Links have none.
   *
   * @param source any object
   * @param target of the same type, just made
   * @throws IOException if one cannot be copied
   */
  public static void copyUserAttributes(FileHandle source, FileHandle target) throws IOException {
    Optional<UserDefinedFileAttributeView> from = source.view(UserDefinedFileAttributeView.class);
    Optional<UserDefinedFileAttributeView> to = target.view(UserDefinedFileAttributeView.class);
    if (from.isEmpty() || to.isEmpty() || source.stat().type() == FileType.SYMLINK) {
      return;
    }
    for (String name : from.get().list()) {
      ByteBuffer value = ByteBuffer.allocate(from.get().size(name));
      from.get().read(name, value);
      to.get().write(name, value.flip());
    }
  }

  /**
   * Returns what of a file's attributes has a meaning elsewhere: neither owner nor group, and so
   * neither setuid nor setgid.
   *
   * @param stat its attributes
   * @return all others
   */
  public static Stat withoutOwner(Stat stat) {
    return stat.withMode(stat.mode() & PERMISSIONS_AND_STICKY)
        .withOwnership(KEEP_OWNER, KEEP_OWNER);
  }
}

package dev.safefs.portable;

import dev.safefs.handle.FileType;
import dev.safefs.request.Access;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/** Opens channels of the delegate on a file that was found. Never waits on a FIFO. */
final class Opening {
  private final Host host;
  private final FileType type;
  private final Set<? extends OpenOption> options;

  Opening(Host host, FileType type, Set<? extends OpenOption> options) {
    this.host = host;
    this.type = type;
    this.options = options;
  }

  /** Opens a channel, and shows by the user's path what it cannot do. */
  FileChannel channel(Where where, String display) throws IOException {
    requireOpenable();
    requireWritable(where);
    SeekableByteChannel opened =
        type != FileType.DIRECTORY && where.name().isPresent()
            ? where.dir().open(where.name().get(), options)
            : where.byPath(this::ofDirectory);
    FileChannel channel = file(host, opened, options, display);
    if (options.contains(StandardOpenOption.APPEND)) {
      try {
        // Where the JDK's are; Jimfs moves there with the first write.
        channel.position(channel.size());
      } catch (IOException | RuntimeException | Error e) {
        Failures.close(channel, e);
        throw e;
      }
    }
    return channel;
  }

  /** Returns the options of an access. */
  static Set<OpenOption> options(Access access) {
    return switch (access) {
      case READ -> Set.of(StandardOpenOption.READ);
      case WRITE -> Set.of(StandardOpenOption.WRITE);
      case READ_WRITE -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    };
  }

  /** Takes over a channel, of whatever kind the delegate has. */
  static FileChannel file(
      Host host, SeekableByteChannel opened, Set<? extends OpenOption> options, String display)
      throws IOException {
    if (opened instanceof FileChannel file) {
      return file;
    }
    try {
      return new ByteChannelFile(
          opened,
          options.contains(StandardOpenOption.APPEND)
              ? ByteChannelFile.Mode.APPENDING
              : ByteChannelFile.Mode.POSITIONED,
          () -> host.gaps().accept(Gaps.Gap.NO_SYNC, display));
    } catch (IOException | RuntimeException | Error e) {
      Failures.close(opened, e);
      throw e;
    }
  }

  AsynchronousFileChannel asynchronous(Where where, Optional<ExecutorService> executor)
      throws IOException {
    requireOpenable();
    requireWritable(where);
    Set<OpenOption> unfollowed = PathDir.unfollowed(host, options);
    return where.byPath(
        path -> {
          if (type == FileType.DIRECTORY) {
            ofDirectory(path).close();
          }
          return host.provider()
              .newAsynchronousFileChannel(path, unfollowed, executor.orElse(null));
        });
  }

  /**
   * By the call that every provider has, which memoryfilesystem answers with what has no size, and
   * filters on other providers with a wrapper that is no {@link FileChannel}; then by the one for
   * those.
   */
  private FileChannel ofDirectory(Path path) throws IOException {
    SeekableByteChannel channel = host.provider().newByteChannel(path, options);
    if (channel instanceof FileChannel file && hasSize(file)) {
      return file;
    }
    channel.close();
    if (!(channel instanceof FileChannel)) {
      return host.provider().newFileChannel(path, options);
    }
    throw new FileSystemException("", null, "Is a directory");
  }

  private static boolean hasSize(FileChannel channel) throws IOException {
    try {
      return channel.size() >= 0;
    } catch (IOException | RuntimeException | Error e) {
      Failures.close(channel, e);
      throw e;
    }
  }

  /** Asks for a permission that the delegate asks for when it is too late. */
  private void requireWritable(Where where) throws IOException {
    boolean writes =
        options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
    if (writes && host.traits().contains(Trait.CHECKS_EACH_WRITE)) {
      where.byPath(
          path -> {
            host.provider().checkAccess(path, AccessMode.WRITE);
            return path;
          });
    }
  }

  /** Refuses what the delegate would wait on, or follow. */
  private void requireOpenable() throws FileSystemException {
    if (type == FileType.FIFO || type == FileType.SOCKET || type == FileType.SYMLINK) {
      throw new FileSystemException(
          "", null, "is a " + type + ", which has no content to open here");
    }
  }
}

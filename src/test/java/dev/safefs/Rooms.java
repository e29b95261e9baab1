package dev.safefs;

import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;

/** Directories of SafeFS file systems of several engines. */
final class Rooms implements Closeable {
  private final Deque<FileSystem> opened = new ArrayDeque<>();

  /** What a directory is served by. */
  enum Kind {
    AMBIENT,
    CONFINED,
    OVER_JIMFS,
    OVER_MEMORY
  }

  /** Opens a directory; one of the machine is made. */
  Path open(Kind kind, Path where) throws IOException {
    return switch (kind) {
      case AMBIENT -> Path.of(uri(where));
      case CONFINED -> keep(FileSystems.newFileSystem(uri(where), Map.of())).getPath("/");
      case OVER_JIMFS -> over(Jimfs.newFileSystem(jimfs()));
      case OVER_MEMORY ->
          over(
              MemoryFileSystemBuilder.newLinux()
                  .addFileAttributeView(UserDefinedFileAttributeView.class)
                  .build(UUID.randomUUID().toString()));
    };
  }

  private static URI uri(Path where) throws IOException {
    Path made = Files.createDirectory(JdkPaths.of(where));
    return URI.create("safe://" + made.toUri().getRawPath());
  }

  private static Configuration jimfs() {
    return Configuration.unix().toBuilder()
        .setAttributeViews("basic", "owner", "posix", "unix", "user")
        .setDefaultAttributeValue("posix:permissions", "rwxr-xr-x")
        .build();
  }

  /** Opens the directory {@code /room}, which is made, of a file system, which is taken over. */
  Path over(FileSystem other) throws IOException {
    Path room = Files.createDirectory(keep(other).getPath("/room"));
    SafeConfig config = SafeConfig.confined().with("strictness", Strictness.BEST_EFFORT);
    return keep(SafeFileSystems.over(room, config)).getPath("/");
  }

  private FileSystem keep(FileSystem fileSystem) {
    opened.push(fileSystem);
    return fileSystem;
  }

  @Override
  public void close() throws IOException {
    for (FileSystem each : opened) {
      each.close();
    }
  }
}

package dev.safefs.kernel;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * A program for a process behind a seccomp filter: does one of everything in a confined file
 * system, and tries to get out.
 */
final class Errand {
  private Errand() {}

  private interface Call {
    void run() throws IOException;
  }

  /** Does it in the directory that is given. Prints "all is well" if all went as it should. */
  public static void main(String[] arguments) throws IOException {
    URI root = URI.create("safe://" + Path.of(arguments[0]).toUri().getRawPath());
    try (FileSystem safe = FileSystems.newFileSystem(root, Map.of("strictness", "BEST_EFFORT"))) {
      inside(safe);
      outside(safe);
    }
    System.out.println("all is well");
  }

  private static void inside(FileSystem safe) throws IOException {
    Path file = safe.getPath("directory/file");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "one");
    Files.writeString(file, "two");
    Files.writeString(file, "+", StandardOpenOption.APPEND);
    check(Files.readString(file).equals("two+"), "written");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
    check(Files.getLastModifiedTime(file).toMillis() == 1000, "times");
    check(Files.getFileStore(file).getTotalSpace() > 0, "store");
    Files.setAttribute(file, "dos:hidden", true);
    check(Files.readAttributes(file, DosFileAttributes.class).isHidden(), "dos");
    check(Files.isReadable(file) && !Files.isExecutable(safe.getPath("absent")), "access");
    Path copy = Files.copy(file, safe.getPath("copy"), StandardCopyOption.COPY_ATTRIBUTES);
    check(
        Files.readString(copy).equals("two+") && Files.getPosixFilePermissions(copy).size() == 3,
        "copied");
    Files.move(copy, safe.getPath("moved"));
    refused(FileAlreadyExistsException.class, () -> Files.move(file, safe.getPath("moved")));
    Files.move(safe.getPath("moved"), file, StandardCopyOption.REPLACE_EXISTING);
    Files.createLink(safe.getPath("hard"), file);
    Files.createSymbolicLink(safe.getPath("soft"), safe.getPath("directory"));
    check(safe.getPath("soft/file").toRealPath().toString().equals("/directory/file"), "real path");
    try (SecureDirectoryStream<Path> stream =
        (SecureDirectoryStream<Path>) Files.newDirectoryStream(safe.getPath("soft"))) {
      stream.newByteChannel(file.getFileName(), Set.of(StandardOpenOption.READ)).close();
      stream.deleteFile(file.getFileName());
    }
    check(
        Files.notExists(file) && Files.readString(safe.getPath("hard")).equals("two+"), "deleted");
    FileChannel.open(
            safe.getPath("temporary"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)
        .close();
    try (var entries = Files.list(safe.getPath("/"))) {
      check(entries.count() == 4, "entries");
    }
  }

  private static void outside(FileSystem safe) throws IOException {
    for (String way :
        new String[] {"out/secret", "../outside/secret", "soft/../../outside/secret"}) {
      Path path = safe.getPath(way);
      refused(FileSystemException.class, () -> Files.readString(path));
      refused(FileSystemException.class, () -> Files.writeString(path, "x"));
      refused(FileSystemException.class, () -> Files.delete(path));
      refused(
          FileSystemException.class,
          () -> Files.copy(safe.getPath("hard"), path, StandardCopyOption.REPLACE_EXISTING));
      refused(
          FileSystemException.class,
          () -> Files.move(safe.getPath("hard"), path, StandardCopyOption.REPLACE_EXISTING));
    }
  }

  private static void refused(Class<? extends IOException> expected, Call call) throws IOException {
    try {
      call.run();
    } catch (IOException e) {
      if (expected.isInstance(e)) {
        return;
      }
      throw e;
    }
    throw new IOException("not refused");
  }

  private static void check(boolean holds, String what) throws IOException {
    if (!holds) {
      throw new IOException(what);
    }
  }
}

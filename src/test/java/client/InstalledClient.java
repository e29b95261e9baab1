package client;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An ordinary program, which imports nothing of SafeFS. Prints its default provider and whether all
 * went well.
 */
public final class InstalledClient {

  private InstalledClient() {}

  /**
   * Runs it.
   *
   * @param arguments none
   * @throws Exception if something does not go as on any other provider
   */
  public static void main(String[] arguments) throws Exception {
    System.out.println(FileSystems.getDefault().provider().getClass().getName());
    Path work = Files.createTempDirectory("installed");
    try {
      filesAreWrittenAndRead(work);
      filesAreMovedAndCopied(work);
      zipsAreFileSystems(work);
      locksAreHeld(work);
      if (Runtime.version().feature() >= 22) {
        contentIsMappedIntoAnArena(work);
      }
    } finally {
      deleteAll(work);
    }
    check(Files.notExists(work), "deleted");
    System.out.println("all is well");
  }

  private static void filesAreWrittenAndRead(Path work) throws IOException {
    Path file = work.resolve("file");
    Files.write(file, List.of("one", "two"));
    check(Files.readAllLines(file).equals(List.of("one", "two")), "lines");
    Files.writeString(file, "three", StandardOpenOption.APPEND);
    check(Files.size(file) == 13, "appended");
    check(file.toFile().length() == 13, "java.io.File agrees");
    check(Files.isRegularFile(Path.of(file.toUri())), "uri");
    Path relative = Path.of("").toAbsolutePath().relativize(file);
    check(Files.isSameFile(relative, file), "relative");
  }

  private static void filesAreMovedAndCopied(Path work) throws IOException {
    Path file = work.resolve("file");
    Path copy = Files.copy(file, work.resolve("copy"), StandardCopyOption.COPY_ATTRIBUTES);
    check(Files.mismatch(file, copy) == -1, "copied");
    try {
      Files.move(copy, file);
      throw new AssertionError("moved over a file");
    } catch (FileAlreadyExistsException e) {
      check(Files.exists(copy), "not moved");
    }
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    Files.createSymbolicLink(work.resolve("link"), file.getFileName());
    check(Files.isSameFile(work.resolve("link"), file), "link");
    try (Stream<Path> entries = Files.list(work)) {
      check(entries.count() == 2, "listed");
    }
  }

  private static void zipsAreFileSystems(Path work) throws IOException {
    Path zip = work.resolve("archive.zip");
    try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.writeString(archive.getPath("inside"), "zipped");
    }
    try (FileSystem archive = FileSystems.newFileSystem(zip)) {
      check(Files.readString(archive.getPath("inside")).equals("zipped"), "zip");
    }
  }

  /** By reflection, as this is compiled for Java 17. */
  private static void contentIsMappedIntoAnArena(Path work) throws Exception {
    Path file = work.resolve("mapped");
    Class<?> arenas = Class.forName("java.lang.foreign.Arena");
    Class<?> segments = Class.forName("java.lang.foreign.MemorySegment");
    Object arena = arenas.getMethod("ofConfined").invoke(null);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      Object segment =
          FileChannel.class
              .getMethod("map", FileChannel.MapMode.class, long.class, long.class, arenas)
              .invoke(channel, FileChannel.MapMode.READ_WRITE, 0L, 4L, arena);
      segments.getMethod("fill", byte.class).invoke(segment, (byte) 'x');
    } finally {
      arenas.getMethod("close").invoke(arena);
    }
    check(Files.readString(file).equals("xxxx"), "mapped");
  }

  private static void locksAreHeld(Path work) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                work.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      check(lock.isValid(), "locked");
      check(Files.exists(work.resolve("lock")), "lock file is there at once");
    }
  }

  private static void deleteAll(Path work) throws IOException {
    try (Stream<Path> all = Files.walk(work)) {
      for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}

package dev.safefs.race;

import static dev.safefs.race.ConfinedSwapRaceTest.NOTHING;
import static dev.safefs.race.ConfinedSwapRaceTest.SECRET;
import static dev.safefs.race.ConfinedSwapRaceTest.THEN;
import static dev.safefs.race.ConfinedSwapRaceTest.outside;

import dev.safefs.SafeFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a program does to a file in the swapped directory. It returns what it has read, if anything.
 */
enum SwapOperation {
  READ(path -> Files.readAllBytes(path)),
  READ_ATTRIBUTES(path -> Files.size(path) == SECRET.length ? SECRET : NOTHING),
  READ_LINK(
      path ->
          Files.readSymbolicLink(path.resolveSibling("l")).endsWith("outer") ? SECRET : NOTHING),
  WRITE(path -> none(Files.write(path, new byte[] {'w'}))),
  WRITE_IN_PLACE(path -> none(Files.write(path, new byte[] {'w'}, StandardOpenOption.WRITE))),
  APPEND(path -> none(Files.write(path, new byte[] {'w'}, StandardOpenOption.APPEND))),
  PENDING(
      path -> {
        SafeFiles.write(path, out -> out.write('w'));
        return NOTHING;
      }),
  CREATE(path -> none(Files.createFile(path.resolveSibling("created")))),
  CREATE_DIRECTORY(path -> none(Files.createDirectory(path.resolveSibling("created")))),
  CREATE_DIRECTORIES(
      path -> none(Files.createDirectories(path.resolveSibling("made").resolve("created")))),
  CREATE_LINK(path -> none(Files.createLink(path.resolveSibling("created"), path))),
  CREATE_LINK_OUT(path -> Files.readAllBytes(Files.createLink(free(top(path, "taken")), path))),
  CREATE_SYMBOLIC_LINK(
      path -> none(Files.createSymbolicLink(path.resolveSibling("created"), path.getFileName()))),
  REPLACE_SYMBOLIC_LINK(
      path -> {
        SafeFiles.replaceSymbolicLink(path.resolveSibling("l"), path.getFileName());
        return NOTHING;
      }),
  MOVE_WITHIN(path -> none(Files.move(path, path.resolveSibling("moved")))),
  MOVE_IN(path -> none(Files.move(top(path, "stock"), path, StandardCopyOption.REPLACE_EXISTING))),
  MOVE_OUT(path -> Files.readAllBytes(Files.move(path, free(top(path, "taken"))))),
  EXCHANGE(
      path -> {
        SafeFiles.exchange(path, top(path, "stock"));
        return Files.readAllBytes(top(path, "stock"));
      }),
  COPY_IN(path -> none(Files.copy(top(path, "stock"), path, StandardCopyOption.REPLACE_EXISTING))),
  COPY_OUT(
      path ->
          Files.readAllBytes(
              Files.copy(path, top(path, "taken"), StandardCopyOption.REPLACE_EXISTING))),
  DELETE(
      path -> {
        Files.delete(path);
        return NOTHING;
      }),
  DELETE_ON_CLOSE(
      path -> {
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE).close();
        return NOTHING;
      }),
  DELETE_TREE(
      path -> {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(path.getParent())) {
          deleteTree((SecureDirectoryStream<Path>) stream);
        }
        return NOTHING;
      }),
  DELETE_WALKED_TREE(
      path -> {
        try (Stream<Path> all = Files.walk(path.getParent())) {
          for (Path each :
              all.filter(found -> found.getNameCount() > path.getNameCount() - 1).toList()) {
            Files.deleteIfExists(each);
          }
        }
        return NOTHING;
      }),
  SET_PERMISSIONS(
      path ->
          none(Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx")))),
  SET_MODE(path -> none(Files.setAttribute(path, "unix:mode", 0777))),
  SET_OWNER(
      path -> {
        if (System.getProperty("user.name").equals("root")) {
          Files.setAttribute(path, "unix:uid", 12345);
        }
        return none(Files.setOwner(path, Files.getOwner(path)));
      }),
  SET_TIMES(path -> none(Files.setLastModifiedTime(path, FileTime.fromMillis(5)))),
  SET_USER_ATTRIBUTE(
      path -> {
        Files.getFileAttributeView(path, UserDefinedFileAttributeView.class)
            .write("mark", ByteBuffer.wrap(new byte[] {1}));
        return NOTHING;
      }),
  WATCH(
      path -> {
        try (WatchService service = path.getFileSystem().newWatchService()) {
          path.getParent().register(service, StandardWatchEventKinds.ENTRY_MODIFY);
          Files.setLastModifiedTime(outside.resolve("only-outside"), THEN);
          WatchKey key = service.poll(5, TimeUnit.MILLISECONDS);
          boolean sees =
              key != null
                  && key.pollEvents().stream()
                      .anyMatch(event -> event.context().toString().equals("only-outside"));
          return sees ? SECRET : NOTHING;
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }),
  REAL_PATH(path -> path.toRealPath().toString().contains("outside") ? SECRET : NOTHING),
  SAME_FILE(path -> none(Files.isSameFile(path, top(path, "stock")))),
  LIST(
      path -> {
        try (DirectoryStream<Path> stream =
            Files.newDirectoryStream(path.getParent(), "only-outside")) {
          return stream.iterator().hasNext() ? SECRET : NOTHING;
        }
      });

  private final Act act;

  SwapOperation(Act act) {
    this.act = act;
  }

  private interface Act {
    byte[] on(Path path) throws IOException;
  }

  /** Does it. Returns what was read, if anything. */
  byte[] on(Path path) throws IOException {
    return act.on(path);
  }

  private static byte[] none(Object ignored) {
    return NOTHING;
  }

  private static Path top(Path path, String name) {
    return path.getParent().resolveSibling(name);
  }

  private static Path free(Path path) throws IOException {
    Files.deleteIfExists(path);
    return path;
  }

  private static void deleteTree(SecureDirectoryStream<Path> directory) throws IOException {
    for (Path entry : directory) {
      Path name = entry.getFileName();
      BasicFileAttributeView view =
          directory.getFileAttributeView(
              name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      if (view.readAttributes().isDirectory()) {
        try (SecureDirectoryStream<Path> child =
            directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          deleteTree(child);
        }
        directory.deleteDirectory(name);
      } else {
        directory.deleteFile(name);
      }
    }
  }
}

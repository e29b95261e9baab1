package dev.safefs.race;

import static dev.safefs.race.ConfinedSwapRaceTest.NOTHING;
import static dev.safefs.race.ConfinedSwapRaceTest.SECRET;
import static dev.safefs.race.ConfinedSwapRaceTest.THEN;
import static dev.safefs.race.ConfinedSwapRaceTest.outside;

import dev.safefs.AnonymousFile;
import dev.safefs.FileBatch;
import dev.safefs.PinnedFile;
import dev.safefs.SafeFiles;
import dev.safefs.TreeEntry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
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
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a program does to a file in the swapped directory. It returns what it has read, if anything.
 */
enum SwapOperation {
  READ(path -> Files.readAllBytes(path)),
  READ_ASYNCHRONOUSLY(
      path -> {
        try (AsynchronousFileChannel channel =
            AsynchronousFileChannel.open(path, StandardOpenOption.READ)) {
          ByteBuffer read = ByteBuffer.allocate(SECRET.length);
          done(channel.read(read, 0));
          return Arrays.copyOf(read.array(), read.position());
        }
      }),
  READ_ATTRIBUTES(path -> Files.size(path) == SECRET.length ? SECRET : NOTHING),
  READ_LINK(
      path ->
          Files.readSymbolicLink(path.resolveSibling("l")).endsWith("outer") ? SECRET : NOTHING),
  WRITE(path -> none(Files.write(path, new byte[] {'w'}))),
  WRITE_ASYNCHRONOUSLY(
      path -> {
        try (AsynchronousFileChannel channel =
            AsynchronousFileChannel.open(path, StandardOpenOption.WRITE)) {
          done(channel.write(ByteBuffer.wrap(new byte[] {'w'}), 0));
        }
        return NOTHING;
      }),
  WRITE_IN_PLACE(path -> none(Files.write(path, new byte[] {'w'}, StandardOpenOption.WRITE))),
  APPEND(path -> none(Files.write(path, new byte[] {'w'}, StandardOpenOption.APPEND))),
  CREATE(path -> none(Files.createFile(path.resolveSibling("created")))),
  CREATE_TEMPORARY(
      path -> {
        Path created = Files.createTempFile(path.getParent(), "created", "");
        Files.move(created, created.resolveSibling("created"));
        return NOTHING;
      }),
  CREATE_DIRECTORY(path -> none(Files.createDirectory(path.resolveSibling("created")))),
  CREATE_DIRECTORIES(
      path -> none(Files.createDirectories(path.resolveSibling("made").resolve("created")))),
  CREATE_LINK(path -> none(Files.createLink(path.resolveSibling("created"), path))),
  CREATE_LINK_OUT(path -> Files.readAllBytes(Files.createLink(free(top(path, "taken")), path))),
  CREATE_SYMBOLIC_LINK(
      path -> none(Files.createSymbolicLink(path.resolveSibling("created"), path.getFileName()))),
  MOVE_WITHIN(path -> none(Files.move(path, path.resolveSibling("moved")))),
  MOVE_IN(path -> none(Files.move(top(path, "stock"), path, StandardCopyOption.REPLACE_EXISTING))),
  MOVE_OUT(path -> Files.readAllBytes(Files.move(path, free(top(path, "taken"))))),
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
          List<Path> walked =
              all.filter(found -> found.getNameCount() > path.getNameCount() - 1).toList();
          Budget.gap();
          for (Path each : walked) {
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
  SET_GROUP(
      path -> {
        if (System.getProperty("user.name").equals("root")) {
          Files.setAttribute(path, "unix:gid", 12345);
        }
        return NOTHING;
      }),
  READ_USER_ATTRIBUTE(
      path ->
          (byte[]) Files.getAttribute(path.resolveSibling("only-outside"), "user:only-outside")),
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
  SAME_FILE(path -> Files.isSameFile(path, top(path, "twin")) ? SECRET : NOTHING),
  EXISTS(path -> Files.exists(path.resolveSibling("only-outside")) ? SECRET : NOTHING),
  LIST(
      path -> {
        try (DirectoryStream<Path> stream =
            Files.newDirectoryStream(path.getParent(), "only-outside")) {
          return stream.iterator().hasNext() ? SECRET : NOTHING;
        }
      }),

  // What only SafeFS has.
  PENDING(
      path -> {
        SafeFiles.write(path, out -> out.write('w'));
        return NOTHING;
      }),
  REPLACE_SYMBOLIC_LINK(
      path -> {
        SafeFiles.replaceSymbolicLink(path.resolveSibling("l"), path.getFileName());
        return NOTHING;
      }),
  EXCHANGE(
      path -> {
        SafeFiles.exchange(path, top(path, "stock"));
        return Files.readAllBytes(top(path, "stock"));
      }),
  COPY_STREAM(
      path ->
          none(
              SafeFiles.copy(
                  new ByteArrayInputStream(new byte[1]),
                  path,
                  StandardCopyOption.REPLACE_EXISTING))),
  REPLACE_IF_SAME(path -> none(SafeFiles.replaceIfSame(path, key(path), out -> out.write('w')))),
  DELETE_IF_SAME(path -> none(SafeFiles.deleteIfSame(path, key(path)))),
  PIN(
      path -> {
        try (PinnedFile pinned = SafeFiles.pin(path);
            FileChannel channel = pinned.channel()) {
          return Channels.newInputStream(channel).readAllBytes();
        }
      }),
  DELETE_PINNED(
      path -> {
        try (PinnedFile pinned = SafeFiles.pin(path)) {
          pinned.delete();
        }
        return NOTHING;
      }),
  MOVE_PINNED_OUT(
      path -> {
        try (PinnedFile pinned = SafeFiles.pin(path)) {
          pinned.moveTo(free(top(path, "taken")));
        }
        return Files.readAllBytes(top(path, "taken"));
      }),
  LINK_PINNED_IN(
      path -> {
        try (PinnedFile pinned = SafeFiles.pin(top(path, "stock"))) {
          pinned.linkTo(path.resolveSibling("created"));
        }
        return NOTHING;
      }),
  PUBLISH_ANONYMOUS(
      path -> {
        try (AnonymousFile file = SafeFiles.anonymousFile(path.getParent())) {
          file.publish(path.resolveSibling("created"));
        }
        return NOTHING;
      }),
  PUBLISH_BATCH(
      path -> {
        try (FileBatch batch = SafeFiles.batch(path.getParent())) {
          batch.add(path).write(ByteBuffer.allocate(1));
          batch.commit();
        }
        return NOTHING;
      }),
  SWEEP(path -> none(SafeFiles.sweep(path.getParent()))),
  MAKE_TREE(
      path -> {
        SafeFiles.createDirectories(path.resolveSibling("made").resolve("created"));
        return NOTHING;
      }),
  WALK_TREE(
      path -> {
        try (Stream<TreeEntry> entries = SafeFiles.walk(path.getParent())) {
          return entries.anyMatch(entry -> entry.path().endsWith("only-outside"))
              ? SECRET
              : NOTHING;
        }
      }),
  REMOVE_TREE(
      path -> {
        SafeFiles.deleteTree(path.resolveSibling("tree"));
        return NOTHING;
      }),
  COPY_TREE_IN(
      path -> {
        SafeFiles.copyTree(top(path, "stock-tree"), path.resolveSibling("created"));
        return NOTHING;
      }),
  COPY_TREE_OUT(
      path -> {
        SafeFiles.copyTree(path.resolveSibling("tree"), top(path, "taken-tree"));
        return Files.readAllBytes(top(path, "taken-tree").resolve("f"));
      }),
  MOVE_TREE_IN(
      path -> {
        SafeFiles.moveTree(top(path, "stock-tree"), path.resolveSibling("created"));
        return NOTHING;
      }),
  MOVE_TREE_OUT(
      path -> {
        SafeFiles.moveTree(path.resolveSibling("tree"), top(path, "taken-tree"));
        return Files.readAllBytes(top(path, "taken-tree").resolve("f"));
      }),
  REPLACE_DIRECTORY(
      path ->
          none(SafeFiles.replaceDirectory(top(path, "stock-tree"), path.resolveSibling("tree"))));

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

  /** Tells whether it is one that the JDK's paths do not have. */
  boolean isVerb() {
    return compareTo(PENDING) >= 0;
  }

  private static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  private static void done(Future<Integer> transfer) throws IOException {
    try {
      transfer.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IOException(e);
    }
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

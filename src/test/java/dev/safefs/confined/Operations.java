package dev.safefs.confined;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.safefs.PinnedFile;
import dev.safefs.SafeFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every operation on a directory that has a file {@code file} and no {@code new}; the other path of
 * those that have two is {@code spare} or {@code fresh} in a harmless one.
 */
final class Operations {
  private final String harmless;

  private Operations(String harmless) {
    this.harmless = harmless;
  }

  /** Does one operation in a directory. */
  interface Call {
    Object on(Path directory) throws Exception;
  }

  private interface Act {
    void on(Path directory) throws Exception;
  }

  private static Call of(Act act) {
    return directory -> {
      act.on(directory);
      return "done";
    };
  }

  static Path file(Path directory) {
    return directory.resolve("file");
  }

  static Path absent(Path directory) {
    return directory.resolve("new");
  }

  private Path spare(Path path) throws IOException {
    Path spare = path.getFileSystem().getPath(harmless, "spare");
    if (Files.notExists(spare)) {
      Files.createFile(spare);
    }
    return spare;
  }

  private Path fresh(Path path) throws IOException {
    Path fresh = path.getFileSystem().getPath(harmless, "fresh");
    Files.deleteIfExists(fresh);
    return fresh;
  }

  /** Of a confined file system: what is harmless is its root. */
  static Map<String, Call> all() {
    return all("/");
  }

  /** With a directory for what is harmless. */
  static Map<String, Call> all(String harmless) {
    Operations operations = new Operations(harmless);
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.putAll(content());
    calls.putAll(names());
    calls.putAll(operations.pairs());
    calls.putAll(attributes());
    calls.putAll(operations.verbs());
    calls.putAll(operations.trees());
    return calls;
  }

  private static Map<String, Call> content() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("read", dir -> Files.readString(file(dir)));
    calls.put("write", dir -> Files.writeString(file(dir), "x"));
    calls.put("append", dir -> Files.writeString(file(dir), "x", APPEND));
    calls.put("in place", of(dir -> FileChannel.open(file(dir), READ, WRITE).close()));
    calls.put("input stream", of(dir -> Files.newInputStream(file(dir)).close()));
    calls.put("output stream", of(dir -> Files.newOutputStream(file(dir)).close()));
    calls.put("asynchronous", of(dir -> AsynchronousFileChannel.open(file(dir), READ).close()));
    calls.put(
        "asynchronous write",
        of(dir -> AsynchronousFileChannel.open(absent(dir), WRITE, CREATE).close()));
    return calls;
  }

  private static Map<String, Call> names() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("create", dir -> Files.createFile(absent(dir)));
    calls.put("create directory", dir -> Files.createDirectory(absent(dir)));
    calls.put("create directories", dir -> Files.createDirectories(dir.resolve("new/er")));
    calls.put("temporary file", of(dir -> Files.delete(Files.createTempFile(dir, "a", "b"))));
    calls.put("temporary directory", of(dir -> Files.delete(Files.createTempDirectory(dir, "a"))));
    calls.put(
        "symbolic link",
        dir -> Files.createSymbolicLink(absent(dir), dir.getFileSystem().getPath("x")));
    calls.put("delete", dir -> Files.deleteIfExists(file(dir)));
    calls.put(
        "list",
        dir -> {
          try (var entries = Files.list(dir)) {
            return entries.count();
          }
        });
    calls.put(
        "watch",
        dir -> {
          try (var service = dir.getFileSystem().newWatchService()) {
            return dir.register(service, StandardWatchEventKinds.ENTRY_CREATE).isValid();
          }
        });
    calls.put("real path", dir -> file(dir).toRealPath());
    return calls;
  }

  private Map<String, Call> pairs() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("link", dir -> Files.createLink(absent(dir), spare(dir)));
    calls.put("link to", dir -> Files.createLink(fresh(dir), file(dir)));
    calls.put("move", dir -> Files.move(file(dir), fresh(dir)));
    calls.put("move to", dir -> Files.move(spare(dir), absent(dir)));
    calls.put("move over", dir -> Files.move(spare(dir), file(dir), REPLACE_EXISTING));
    calls.put("copy", dir -> Files.copy(file(dir), fresh(dir)));
    calls.put("copy to", dir -> Files.copy(spare(dir), absent(dir)));
    calls.put("copy over", dir -> Files.copy(spare(dir), file(dir), REPLACE_EXISTING));
    calls.put("exchange", of(dir -> SafeFiles.exchange(file(dir), spare(dir))));
    calls.put("exchange with", of(dir -> SafeFiles.exchange(spare(dir), file(dir))));
    calls.put("same", dir -> Files.isSameFile(file(dir), spare(dir)));
    calls.put("same as", dir -> Files.isSameFile(spare(dir), file(dir)));
    calls.put("mismatch", dir -> Files.mismatch(spare(dir), file(dir)));
    return calls;
  }

  private static Map<String, Call> attributes() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("attributes", dir -> Files.readAttributes(file(dir), PosixFileAttributes.class));
    calls.put(
        "attribute map",
        dir -> Files.readAttributes(file(dir), "unix:*", LinkOption.NOFOLLOW_LINKS));
    calls.put(
        "permissions",
        dir ->
            Files.setPosixFilePermissions(file(dir), PosixFilePermissions.fromString("rw-r-----")));
    calls.put("times", dir -> Files.setLastModifiedTime(file(dir), FileTime.fromMillis(0)));
    calls.put("user attribute", dir -> Files.setAttribute(file(dir), "user:x", new byte[1]));
    calls.put("user attributes", dir -> Files.readAttributes(file(dir), "user:*"));
    calls.put("owner", dir -> Files.setOwner(file(dir), Files.getOwner(file(dir))));
    calls.put("store", dir -> Files.getFileStore(file(dir)).getTotalSpace());
    calls.put("access", of(dir -> dir.getFileSystem().provider().checkAccess(file(dir))));
    return calls;
  }

  private Map<String, Call> verbs() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("pending", of(dir -> SafeFiles.write(file(dir), out -> out.write(1))));
    calls.put("copy in", dir -> SafeFiles.copy(new ByteArrayInputStream(new byte[1]), absent(dir)));
    calls.put("swap if same", dir -> SafeFiles.replaceIfSame(file(dir), "no", out -> out.write(1)));
    calls.put("delete if same", dir -> SafeFiles.deleteIfSame(file(dir), "no key"));
    calls.put(
        "replace link",
        of(dir -> SafeFiles.replaceSymbolicLink(absent(dir), dir.getFileSystem().getPath("x"))));
    calls.put("sweep", SafeFiles::sweep);
    calls.put(
        "batch",
        of(
            dir -> {
              try (var batch = SafeFiles.batch(dir)) {
                batch.add(absent(dir)).write(ByteBuffer.wrap("x".getBytes(UTF_8)));
                batch.commit();
              }
            }));
    calls.put(
        "anonymous",
        of(
            dir -> {
              try (var file = SafeFiles.anonymousFile(dir)) {
                file.publish(absent(dir));
              }
            }));
    calls.put(
        "anonymous to",
        of(
            dir -> {
              try (var file = SafeFiles.anonymousFile(dir.getFileSystem().getPath(harmless))) {
                file.publish(absent(dir));
              }
            }));
    calls.put("pin", of(dir -> SafeFiles.pin(file(dir)).close()));
    calls.put("link pinned to", of(dir -> pinned(dir, file -> file.linkTo(absent(dir)))));
    calls.put("move pinned to", of(dir -> pinned(dir, file -> file.moveTo(absent(dir)))));
    calls.put("pinned at", of(dir -> pinned(dir, file -> file.isAt(file(dir)))));
    return calls;
  }

  private interface OnPinned {
    void on(PinnedFile file) throws IOException;
  }

  private void pinned(Path directory, OnPinned call) throws IOException {
    try (PinnedFile file = SafeFiles.pin(spare(directory))) {
      call.on(file);
    }
  }

  private Map<String, Call> trees() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put(
        "walk",
        dir -> {
          try (var entries = SafeFiles.walk(dir)) {
            return entries.count();
          }
        });
    calls.put("make tree", of(dir -> SafeFiles.createDirectories(dir.resolve("new/er"))));
    calls.put("delete tree", of(dir -> SafeFiles.deleteTree(file(dir))));
    calls.put("copy tree", of(dir -> SafeFiles.copyTree(file(dir), fresh(dir))));
    calls.put("copy tree to", of(dir -> SafeFiles.copyTree(spare(dir), absent(dir))));
    calls.put("move tree", of(dir -> SafeFiles.moveTree(file(dir), fresh(dir))));
    calls.put("move tree to", of(dir -> SafeFiles.moveTree(spare(dir), absent(dir))));
    calls.put("replace directory", dir -> SafeFiles.replaceDirectory(made(dir), absent(dir)));
    return calls;
  }

  private Path made(Path path) throws IOException {
    return Files.createDirectories(path.getFileSystem().getPath(harmless, "made"));
  }
}

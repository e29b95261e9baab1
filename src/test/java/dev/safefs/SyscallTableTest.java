package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.linux.LinuxEngine;
import dev.safefs.sys.SyscallsLoader;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counts the system calls of each operation, keeps docs/syscalls.md, and holds the budgets. {@code
 * -Dsafefs.writeDocs=true} writes the file.
 */
class SyscallTableTest {
  private static final Path TABLE = Path.of("docs/syscalls.md");
  private static final String HEAD =
      """
      # System calls per operation

      Counted by a decorator of `Syscalls` in `SyscallTableTest`, which fails when this table is out of date. They are the calls
      that SafeFS makes itself; those of the JDK's own channel or attribute reader on the open file come on top and are named in
      the last column. Parents differ unless the row says otherwise; the file system is ext4 or the like, `durability` is `FILE`.

      | operation | ambient | confined | confined, call by call | of the JDK besides |
      |---|---|---|---|---|
      """;

  /** On tmpfs, which is the same on every machine. */
  @TempDir(factory = InMemory.class)
  Path work;

  private final AtomicReference<TracingSyscalls> trace = new AtomicReference<>();
  private SafeFileSystemProvider provider;

  private interface Operation {
    void on(Path root) throws IOException;
  }

  private record Row(String name, Operation operation, String besides) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(
              "read attributes",
              root -> Files.readAttributes(root.resolve("a/file"), PosixFileAttributes.class),
              "stat"),
          new Row(
              "check access",
              root -> root.getFileSystem().provider().checkAccess(root.resolve("a/file")),
              "access, where not confined"),
          new Row(
              "open for reading, close",
              root -> FileChannel.open(root.resolve("a/file")).close(),
              "open, fstat, close"),
          new Row(
              "append, close",
              root -> FileChannel.open(root.resolve("a/file"), StandardOpenOption.APPEND).close(),
              "open, fstat, close"),
          new Row(
              "write a new file",
              root -> Files.write(root.resolve("a/new"), new byte[1]),
              "open, fstat, write, close"),
          new Row(
              "rewrite a file",
              root -> {
                settle();
                Files.write(root.resolve("a/file"), new byte[1]);
              },
              "open, fstat, write, close"),
          new Row(
              "rewrite a file changed this very moment",
              root -> Files.write(root.resolve("a/file"), new byte[1]),
              "open, fstat, write, close"),
          new Row(
              "create a file exclusively",
              root -> Files.createFile(root.resolve("a/new")),
              "open, fstat, close"),
          new Row("create a directory", root -> Files.createDirectory(root.resolve("a/new")), ""),
          new Row(
              "create a symbolic link",
              root ->
                  Files.createSymbolicLink(
                      root.resolve("a/new"), root.getFileSystem().getPath("x")),
              ""),
          new Row(
              "replace a symbolic link",
              root ->
                  Files.createSymbolicLink(
                      root.resolve("a/link"),
                      root.getFileSystem().getPath("x"),
                      SafeAttributes.replaceExisting()),
              ""),
          new Row(
              "create a hard link",
              root -> Files.createLink(root.resolve("b/new"), root.resolve("a/file")),
              ""),
          new Row(
              "read a symbolic link",
              root -> Files.readSymbolicLink(root.resolve("a/link")),
              "readlink, where not confined"),
          new Row(
              "move without replace",
              root -> Files.move(root.resolve("a/file"), root.resolve("b/new")),
              ""),
          new Row(
              "move within a directory",
              root -> Files.move(root.resolve("a/file"), root.resolve("a/new")),
              ""),
          new Row(
              "move, replacing",
              root ->
                  Files.move(
                      root.resolve("a/file"),
                      root.resolve("b/file"),
                      StandardCopyOption.REPLACE_EXISTING),
              ""),
          new Row(
              "copy a file", root -> Files.copy(root.resolve("a/file"), root.resolve("b/new")), ""),
          new Row(
              "copy a file, replacing",
              root ->
                  Files.copy(
                      root.resolve("a/file"),
                      root.resolve("b/file"),
                      StandardCopyOption.REPLACE_EXISTING),
              ""),
          new Row("delete a file", root -> Files.delete(root.resolve("a/file")), ""),
          new Row("delete a directory", root -> Files.delete(root.resolve("a/empty")), ""),
          new Row("list a directory", SyscallTableTest::list, ""),
          new Row(
              "set permissions",
              root ->
                  Files.setPosixFilePermissions(
                      root.resolve("a/file"), PosixFilePermissions.fromString("rw-------")),
              "chmod, of its own path where not confined"),
          new Row(
              "find a store, ask for its room",
              root -> Files.getFileStore(root.resolve("a/file")).getUsableSpace(),
              "the table of mounts, once; statfs where not confined"),
          new Row(
              "set a time",
              root -> Files.setLastModifiedTime(root.resolve("a/file"), FileTime.fromMillis(0)),
              ""),
          new Row(
              "same file",
              root ->
                  assertThat(Files.isSameFile(root.resolve("a/file"), root.resolve("b/file")))
                      .isFalse(),
              ""),
          new Row(
              "real path",
              root -> assertThat(root.resolve("a/file").toRealPath()).isAbsolute(),
              ""));

  /** Waits until the files planted are older than the kernel's clock is coarse. */
  private static void settle() {
    long end = System.nanoTime() + 200_000_000;
    for (long rest = 1; rest > 0; rest = end - System.nanoTime()) {
      LockSupport.parkNanos(rest);
    }
  }

  private static void list(Path root) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(root.resolve("a"))) {
      stream.forEach(path -> {});
    }
  }

  @BeforeEach
  void makeTracedProvider() {
    FileSystemProvider jdk = JdkPaths.of(Path.of("")).getFileSystem().provider();
    EngineSelector engines =
        new EngineSelector(
            (delegate, fileSystem) -> {
              trace.set(new TracingSyscalls(SyscallsLoader.load()));
              return new LinuxEngine(trace.get().syscalls(), delegate, fileSystem);
            });
    provider = new SafeFileSystemProvider(() -> Delegate.of(jdk, engines));
  }

  private List<String> count(Row row, String subject) throws IOException {
    Path tree = Files.createDirectory(work.resolve(subject + " " + row.name.replace('/', ' ')));
    for (String directory : List.of("a", "b")) {
      Files.createDirectories(tree.resolve(directory).resolve("empty"));
      Files.write(tree.resolve(directory).resolve("file"), new byte[100]);
      Files.createSymbolicLink(tree.resolve(directory).resolve("link"), Path.of("file"));
    }
    if (subject.equals("ambient")) {
      return traced(row, provider.getPath(URI.create("safe://" + tree.toUri().getRawPath())));
    }
    try (FileSystem confined = provider.newFileSystem(tree, Map.of())) {
      return traced(row, confined.getPath("/"));
    }
  }

  private List<String> traced(Row row, Path root) throws IOException {
    Files.setAttribute(
        root,
        "posix:permissions",
        PosixFilePermissions.fromString("rwx------"),
        LinkOption.NOFOLLOW_LINKS); // loads the engine, finds /proc
    trace.get().clear();
    row.operation.on(root);
    return trace.get().names();
  }

  @Test
  void tableIsUpToDate() throws IOException {
    StringBuilder table = new StringBuilder(HEAD);
    Map<String, Integer> confined = new LinkedHashMap<>();
    for (Row row : ROWS) {
      List<String> ambient = count(row, "ambient");
      List<String> beneath = count(row, "confined");
      confined.put(row.name, beneath.size());
      table.append(
          String.format(
              "| %s | %d | %d | %s | %s |%n",
              row.name, ambient.size(), beneath.size(), String.join(" ", beneath), row.besides));
    }
    if (Boolean.getBoolean("safefs.writeDocs")) {
      Files.writeString(TABLE, table);
    }
    assertThat(Files.readString(TABLE)).isEqualTo(table.toString());
    assertThat(confined.get("move without replace")).isLessThanOrEqualTo(6);
    assertThat(confined.get("move, replacing")).isLessThanOrEqualTo(6);
    assertThat(confined.get("copy a file")).isLessThanOrEqualTo(20);
    assertThat(confined.get("read attributes")).isLessThanOrEqualTo(2);
    assertThat(confined.get("open for reading, close")).isLessThanOrEqualTo(4);
    assertThat(confined.get("list a directory")).isLessThanOrEqualTo(6);
    assertThat(confined.get("write a new file")).isLessThanOrEqualTo(10);
    assertThat(confined.get("rewrite a file")).isLessThanOrEqualTo(23);
    assertThat(confined.get("rewrite a file changed this very moment")).isLessThanOrEqualTo(27);
  }

  @Test
  void largeDirectoryIsReadInLargePieces() throws IOException {
    int many = 2000;
    Path large = Files.createDirectory(work.resolve("large"));
    for (int i = 0; i < many; i++) {
      Files.createFile(large.resolve("name" + i));
    }
    List<Path> names = new ArrayList<>();
    List<String> calls;
    try (FileSystem confined = provider.newFileSystem(large, Map.of());
        DirectoryStream<Path> stream = Files.newDirectoryStream(confined.getPath("/"))) {
      stream.forEach(names::add);
      calls = trace.get().names();
    }
    assertThat(names).doesNotHaveDuplicates().hasSize(many);
    // 64,000 bytes: 8 KiB, then 32 KiB at a time, and the end.
    assertThat(calls.stream().filter("getdents64"::equals)).hasSize(4);
  }

  @Test
  void readAttributesOfAnAmbientPathIsTheDelegatesOneCall() throws IOException {
    Row row = ROWS.get(0);
    assertThat(count(row, "ambient")).isEmpty();
    Path link = Files.createSymbolicLink(work.resolve("l"), Path.of("nowhere"));
    assertThat(
            Files.exists(provider.getPath(URI.create("safe://" + link)), LinkOption.NOFOLLOW_LINKS))
        .isTrue();
  }
}

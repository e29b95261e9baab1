package dev.safefs.cookbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.AnonymousFile;
import dev.safefs.FileBatch;
import dev.safefs.PathEscapeException;
import dev.safefs.SafeFiles;
import dev.safefs.TreeOption;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code docs/cookbook.md}, as they stand there, run. */
class CookbookTest {
  private static final Path BASE = Path.of(System.getProperty("basedir", ""));
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir Path dir;

  // Deploy by symlink flip
  static void deploy(Path app, String version) throws IOException {
    Path release = Path.of("releases", version);
    SafeFiles.replaceSymbolicLink(app.resolve("current"), release);
  }

  static boolean deployFrom(Path app, String expected, String version) throws IOException {
    return SafeFiles.replaceSymbolicLink(
        app.resolve("current"), Path.of("releases", expected), Path.of("releases", version));
  }

  // Config save
  static void save(Path config, Properties properties) throws IOException {
    SafeFiles.write(config, out -> properties.store(out, null));
  }

  static void saveAll(Path dir, Map<String, byte[]> files) throws IOException {
    try (FileBatch batch = SafeFiles.batch(dir)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        FileChannel channel = batch.add(dir.resolve(file.getKey()));
        channel.write(ByteBuffer.wrap(file.getValue()));
      }
      batch.commit();
    }
  }

  // Log rotation
  static void rotate(Path log, int keep) throws IOException {
    for (int i = keep - 1; i > 0; i--) {
      Path from = log.resolveSibling(log.getFileName() + "." + i);
      Path to = log.resolveSibling(log.getFileName() + "." + (i + 1));
      if (Files.exists(from)) {
        SafeFiles.move(from, to, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    SafeFiles.move(log, log.resolveSibling(log.getFileName() + ".1"));
  }

  // Upload spool
  static Path receive(InputStream upload, Path spool, String id) throws IOException {
    Path file = spool.resolve(id);
    SafeFiles.copy(upload, file);
    return file;
  }

  // Cache entry
  static Path cached(Path cache, String key, TreeMaker maker) throws IOException {
    Path entry = cache.resolve(key);
    if (Files.isDirectory(entry)) {
      return entry;
    }
    Path staged = Files.createTempDirectory(cache, ".staged-");
    try {
      maker.makeIn(staged);
      SafeFiles.move(staged, entry);
    } catch (FileAlreadyExistsException e) {
      SafeFiles.deleteTree(staged);
    }
    return entry;
  }

  static void publishSite(Path staged, Path live) throws IOException {
    Optional<Path> old = SafeFiles.replaceDirectory(staged, live);
    if (old.isPresent()) {
      SafeFiles.deleteTree(old.get(), TreeOption.COLLECT_FAILURES);
    }
  }

  // Extracting an archive
  static void extract(InputStream archive, Path directory) throws IOException {
    URI root = URI.create("safe://" + directory.toUri().getRawPath());
    try (FileSystem confined = FileSystems.newFileSystem(root, Map.of());
        ZipInputStream zip = new ZipInputStream(archive)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = confined.getPath("/").resolve(entry.getName());
        if (entry.isDirectory()) {
          SafeFiles.createDirectories(target);
        } else {
          SafeFiles.createDirectories(target.getParent());
          SafeFiles.copy(zip, target);
        }
      }
    }
  }

  // Lock files
  static boolean runAlone(Path lockFile, Runnable task) throws IOException {
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        return false;
      }
      task.run();
      return true;
    }
  }

  static boolean increment(Path counter) throws IOException {
    Object key = Files.getAttribute(counter, "fileKey");
    int next = Integer.parseInt(Files.readString(counter)) + 1;
    return SafeFiles.replaceIfSame(
        counter, key, out -> out.write(Integer.toString(next).getBytes(StandardCharsets.UTF_8)));
  }

  // Temporary files
  static void render(Path target, byte[] content) throws IOException {
    try (AnonymousFile file = SafeFiles.anonymousFile(target.getParent())) {
      Channels.newOutputStream(file.channel()).write(content);
      file.publish(target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  static void tidyUp(Path spool) throws IOException {
    for (Path leftover : SafeFiles.sweep(spool)) {
      System.getLogger("spool").log(System.Logger.Level.INFO, "removed {0}", leftover);
    }
  }

  /** Makes the content of a cache entry. */
  interface TreeMaker {
    void makeIn(Path directory) throws IOException;
  }

  @Test
  void everyExampleStandsInThisTest() throws IOException {
    String source =
        Files.readString(BASE.resolve("src/test/java/dev/safefs/cookbook/CookbookTest.java"))
            .replaceAll("(?m)^  ", "");
    Matcher blocks = BLOCK.matcher(Files.readString(BASE.resolve("docs/cookbook.md")));
    List<String> examples = new ArrayList<>();
    while (blocks.find()) {
      examples.add(blocks.group(1));
    }
    assertThat(examples).hasSizeGreaterThanOrEqualTo(8).allMatch(source::contains);
  }

  @Test
  void aReleaseIsDeployedByAFlip() throws IOException {
    deploy(dir, "1");
    assertThat(deployFrom(dir, "1", "2")).isTrue();
    assertThat(deployFrom(dir, "1", "3")).isFalse();
    assertThat(Files.readSymbolicLink(dir.resolve("current"))).hasToString("releases/2");
  }

  @Test
  void settingsAreSavedWhole() throws IOException {
    Properties properties = new Properties();
    properties.setProperty("color", "blue");
    Path config = dir.resolve("config");
    save(config, properties);
    assertThat(Files.readString(config)).contains("color=blue");
    saveAll(dir, Map.of("a", new byte[1], "b", new byte[2]));
    assertThat(dir.resolve("b")).hasSize(2);
  }

  @Test
  void aLogIsRotatedAndNoneLost() throws IOException {
    Path log = dir.resolve("log");
    for (int i = 0; i < 4; i++) {
      Files.writeString(log, "log " + i, StandardOpenOption.CREATE);
      rotate(log, 3);
    }
    assertThat(dir.resolve("log.1")).hasContent("log 3");
    assertThat(dir.resolve("log.3")).hasContent("log 1");
    assertThat(log).doesNotExist();
  }

  @Test
  void anUploadAppearsWholeAndOnce() throws IOException {
    Path file = receive(new ByteArrayInputStream(new byte[10]), dir, "id");
    assertThat(file).hasSize(10);
    assertThatThrownBy(() -> receive(new ByteArrayInputStream(new byte[1]), dir, "id"))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void aCacheEntryIsMadeOnceAndASiteReplaced() throws IOException {
    TreeMaker maker = staged -> Files.writeString(staged.resolve("x"), "X");
    Path entry = cached(dir, "key", maker);
    assertThat(cached(dir, "key", staged -> Files.createFile(staged.resolve("y"))))
        .isEqualTo(entry);
    Path next = Files.createDirectory(dir.resolve("next"));
    publishSite(next, entry);
    assertThat(entry).isEmptyDirectory();
    assertThat(dir.toFile().list()).containsExactly("key");
  }

  @Test
  void anArchiveIsExtractedBeneathOnly() throws IOException {
    Path root = Files.createDirectory(dir.resolve("root"));
    extract(zip("a/b/c"), root);
    assertThat(root.resolve("a/b/c")).hasContent("content");
    Files.createSymbolicLink(root.resolve("link"), dir);
    assertThatThrownBy(() -> extract(zip("link/evil"), root))
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> extract(zip("../evil"), root)).isInstanceOf(PathEscapeException.class);
    assertThat(dir.resolve("evil")).doesNotExist();
  }

  private static InputStream zip(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write("content".getBytes(StandardCharsets.UTF_8));
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  @Test
  void aTaskRunsAloneAndACounterLosesNothing() throws IOException {
    List<String> ran = new ArrayList<>();
    Path safe = Path.of(URI.create("safe://" + dir.toUri().getRawPath()));
    assertThat(runAlone(safe.resolve("lock"), () -> ran.add("once"))).isTrue();
    assertThat(ran).hasSize(1);
    Path counter = Files.writeString(dir.resolve("counter"), "1");
    assertThat(increment(counter)).isTrue();
    assertThat(counter).hasContent("2");
  }

  @Test
  void aReportIsRenderedAndLeftoversAreRemoved() throws IOException {
    Path target = dir.resolve("report");
    render(target, new byte[3]);
    assertThat(target).hasSize(3);
    Files.createFile(
        dir.resolve(".safefs-f" + "b".repeat(26)),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    tidyUp(dir);
    assertThat(dir.toFile().list()).containsExactly("report");
  }
}

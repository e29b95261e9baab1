package dev.safefs.confined;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.safefs.SafeFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.examples.Expander;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile zip archives through every reader of zip archives, none of which checks a name. */
@Tag("R1")
class ZipExtractionTest {
  private static final String EVIL = "evil";
  private static final int EXECUTABLE = 0755;

  /** Whose names SafeFS sees without dots: Expander takes them off by itself, since 1.28. */
  private static final Set<String> NORMALISING =
      Set.of("commons-compress stream", "commons-compress file");

  @TempDir Path temporary;
  private Ground ground;
  private Path archive;

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    archive = Files.createDirectory(ground.host().resolveSibling("in")).resolve("archive.zip");
  }

  private interface Reader {
    void extract(Path archive, Path root) throws IOException;
  }

  /**
   * An entry of an archive.
   *
   * @param name its name
   * @param type as in stat(2)
   * @param content of a file, or target of a link
   */
  private record Entry(String name, int type, String content) {
    static Entry file(String name) {
      return new Entry(name, UnixStat.FILE_FLAG, EVIL);
    }

    static Entry link(String name, String target) {
      return new Entry(name, UnixStat.LINK_FLAG, target);
    }
  }

  private void zip(List<Entry> entries) throws IOException {
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
      for (Entry each : entries) {
        ZipArchiveEntry entry = new ZipArchiveEntry(each.name);
        entry.setUnixMode(each.type | EXECUTABLE);
        zip.putArchiveEntry(entry);
        zip.write(each.content.getBytes(UTF_8));
        zip.closeArchiveEntry();
      }
    }
  }

  private static Map<String, Reader> readers() {
    Map<String, Reader> readers = new LinkedHashMap<>();
    readers.put("java.util.zip", ZipExtractionTest::byStream);
    readers.put("zipfs", ZipExtractionTest::byFileSystem);
    readers.put("commons-compress with links", ZipExtractionTest::byZipFile);
    readers.put(
        "commons-compress stream",
        (archive, root) -> {
          try (ZipArchiveInputStream in =
              new ZipArchiveInputStream(Files.newInputStream(archive))) {
            new Expander().expand(in, root);
          }
        });
    readers.put(
        "commons-compress file",
        (archive, root) -> {
          try (ZipFile zip = open(archive)) {
            new Expander().expand(zip, root);
          }
        });
    return readers;
  }

  /** By the constructor, which every version has; the builder is new. */
  @SuppressWarnings("deprecation")
  private static ZipFile open(Path archive) throws IOException {
    return new ZipFile(Files.newByteChannel(archive));
  }

  private static void byStream(Path archive, Path root) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = root.resolve(entry.getName());
        Files.createDirectories(target.getParent());
        SafeFiles.copy(zip, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void byFileSystem(Path archive, Path root) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(archive)) {
      Path top = zip.getPath("/");
      try (var entries = Files.walk(top)) {
        for (Path entry : entries.toList()) {
          Path target = root.resolve(top.relativize(entry).toString());
          if (Files.isDirectory(entry)) {
            Files.createDirectories(target);
          } else {
            Files.copy(entry, target, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
  }

  private static void byZipFile(Path archive, Path root) throws IOException {
    try (ZipFile zip = open(archive)) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
        Path target = root.resolve(entry.getName());
        Files.createDirectories(target.getParent());
        if (entry.isUnixSymlink()) {
          Files.createSymbolicLink(target, root.getFileSystem().getPath(zip.getUnixSymlink(entry)));
        } else {
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
  }

  /** Extracts into a root of its own, in which a link to the outside and a loop are planted. */
  private Throwable extracted(String how, Reader reader, List<Entry> entries) throws IOException {
    Ground.remove(ground.host());
    Files.createDirectory(ground.host());
    ground.link("planted", "../outside");
    ground.link("absolute", ground.outside().toString());
    ground.link("loop", "loop");
    zip(entries);
    String before = ground.outsideState();
    try (FileSystem safe = ground.open(Map.of("durability", "NONE"))) {
      Throwable thrown = catchThrowable(() -> reader.extract(archive, safe.getPath("/")));
      assertThat(ground.outsideState()).as("%s %s", how, entries).isEqualTo(before);
      return thrown;
    }
  }

  @Test
  void eachWayOutFailsClearlyInEachReader() throws IOException {
    for (Map.Entry<String, Reader> reader : readers().entrySet()) {
      for (String name :
          new String[] {
            "../outside/evil",
            "a/../../outside/evil",
            "planted/evil",
            "planted/secret",
            "absolute/evil",
            "planted/../outside/evil",
            "loop/evil",
            "n".repeat(300)
          }) {
        Throwable thrown = extracted(reader.getKey(), reader.getValue(), List.of(Entry.file(name)));
        if (name.contains("..") && NORMALISING.contains(reader.getKey())) {
          assertThat(thrown).as("%s %s", reader.getKey(), name).isNull();
          assertThat(ground.host().resolve("outside/evil")).hasContent(EVIL);
        } else {
          assertThat(thrown).as("%s %s", reader.getKey(), name).isInstanceOf(IOException.class);
        }
      }
    }
  }

  @Test
  void linksOfTheArchiveLeadNowhere() throws IOException {
    Reader reader = readers().get("commons-compress with links");
    for (String target : new String[] {"../outside", ground.outside().toString(), "..", "l"}) {
      String name = target.equals("..") ? "l/outside/evil" : "l/evil";
      assertThat(extracted("link", reader, List.of(Entry.link("l", target), Entry.file(name))))
          .as(target)
          .isInstanceOf(IOException.class);
    }
    List<Entry> replaced = List.of(Entry.link("l", "../outside/secret"), Entry.file("l"));
    assertThat(extracted("final link", reader, replaced)).isNull();
    assertThat(ground.host().resolve("l")).isRegularFile().hasContent(EVIL);
  }

  /** What is odd, but leads nowhere, is made beneath the root under its name. */
  @Test
  void oddNamesAndTypesStayBeneath() throws IOException {
    List<Entry> odd =
        List.of(
            Entry.file("CASE"),
            Entry.file("case"),
            Entry.file("d".repeat(200) + "/" + "e".repeat(200)),
            new Entry("device", 0020000, EVIL),
            new Entry("fifo", 0010000, EVIL));
    for (Map.Entry<String, Reader> reader : readers().entrySet()) {
      assertThat(extracted(reader.getKey(), reader.getValue(), odd)).as(reader.getKey()).isNull();
      for (Entry entry : odd) {
        assertThat(ground.host().resolve(entry.name))
            .as(reader.getKey())
            .isRegularFile()
            .hasContent(EVIL);
      }
    }
  }

  @Test
  void anAbsoluteNameIsReadFromTheRoot() throws IOException {
    List<Entry> absolute = List.of(Entry.file("/etc/evil"));
    for (Map.Entry<String, Reader> reader : readers().entrySet()) {
      assertThat(extracted(reader.getKey(), reader.getValue(), absolute))
          .as(reader.getKey())
          .isNull();
      assertThat(ground.host().resolve("etc/evil")).as(reader.getKey()).hasContent(EVIL);
      assertThat(Path.of("/etc/evil")).doesNotExist();
    }
  }

  @Test
  void controlOnTheJdkTheyAreLedOut() throws IOException {
    for (Map.Entry<String, Reader> reader : readers().entrySet()) {
      ground.link("planted" + reader.getKey(), "../outside");
      zip(List.of(Entry.file("planted" + reader.getKey() + "/evil")));
      Throwable thrown = catchThrowable(() -> reader.getValue().extract(archive, ground.host()));
      assertThat(ground.outside().resolve("evil")).as("%s %s", reader.getKey(), thrown).exists();
      Files.delete(ground.outside().resolve("evil"));
    }
  }
}

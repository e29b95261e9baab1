package dev.safefs.confined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.PathEscapeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.examples.Expander;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile archives, extracted into a confined root by code that checks nothing. */
@Tag("R1")
class ExtractionTest {
  private static final String EVIL = "evil";

  @TempDir Path temporary;
  private Ground ground;
  private FileSystem safe;

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    safe = ground.open(Map.of());
  }

  @AfterEach
  void close() throws IOException {
    safe.close();
  }

  /**
   * An entry of an archive.
   *
   * @param name its name
   * @param type as in a tar archive
   * @param link what it links to, if it does
   */
  private record Entry(String name, byte type, String link) {
    static Entry file(String name) {
      return new Entry(name, TarConstants.LF_NORMAL, "");
    }

    static Entry symlink(String name, String target) {
      return new Entry(name, TarConstants.LF_SYMLINK, target);
    }

    static Entry link(String name, String existing) {
      return new Entry(name, TarConstants.LF_LINK, existing);
    }
  }

  private static byte[] tar(Entry... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Entry each : entries) {
        TarArchiveEntry entry = new TarArchiveEntry(each.name, each.type, true);
        entry.setLinkName(each.link);
        boolean hasContent = each.type == TarConstants.LF_NORMAL;
        entry.setSize(hasContent ? EVIL.length() : 0);
        tar.putArchiveEntry(entry);
        if (hasContent) {
          tar.write(EVIL.getBytes(StandardCharsets.UTF_8));
        }
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(EVIL.getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static TarArchiveInputStream tarStream(byte[] archive) {
    return new TarArchiveInputStream(new ByteArrayInputStream(archive));
  }

  private static ZipArchiveInputStream zipStream(byte[] archive) {
    return new ZipArchiveInputStream(new ByteArrayInputStream(archive));
  }

  /** As simple as can be: each entry to where its name says. */
  private static void extract(ArchiveInputStream<?> archive, Path root) throws IOException {
    for (ArchiveEntry entry = archive.getNextEntry();
        entry != null;
        entry = archive.getNextEntry()) {
      Path target = root.resolve(entry.getName());
      TarArchiveEntry tar = entry instanceof TarArchiveEntry known ? known : null;
      if (entry.isDirectory()) {
        Files.createDirectories(target);
      } else if (tar != null && tar.isSymbolicLink()) {
        Files.createSymbolicLink(target, root.getFileSystem().getPath(tar.getLinkName()));
      } else if (tar != null && tar.isLink()) {
        Files.createLink(target, root.resolve(tar.getLinkName()));
      } else {
        Files.createDirectories(target.getParent());
        Files.copy(archive, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /**
   * Every archive that tries to get out, and what it must fail with. {@code
   * Files.createDirectories} takes a link that leads out for a file that is in the way.
   */
  private Map<byte[], Class<? extends Exception>> escapes() throws IOException {
    String outside = ground.outside().toString();
    Map<byte[], Class<? extends Exception>> archives = new LinkedHashMap<>();
    archives.put(tar(Entry.file("../outside/evil")), PathEscapeException.class);
    archives.put(
        tar(Entry.file("a/b"), Entry.file("a/../../outside/evil")), PathEscapeException.class);
    archives.put(tar(Entry.file("/../outside/evil")), PathEscapeException.class);
    archives.put(
        tar(Entry.symlink("l1", "../outside"), Entry.file("l1/evil")),
        FileAlreadyExistsException.class);
    archives.put(
        tar(Entry.symlink("l2", outside), Entry.file("l2/evil")), FileAlreadyExistsException.class);
    archives.put(
        tar(Entry.symlink("l3", ".."), Entry.file("l3/outside/evil")), PathEscapeException.class);
    archives.put(
        tar(Entry.symlink("l4", "."), Entry.symlink("l4/l5", ".."), Entry.file("l5/outside/evil")),
        PathEscapeException.class);
    archives.put(
        tar(Entry.link("h1", "../outside/secret"), Entry.file("h1")), PathEscapeException.class);
    archives.put(
        tar(Entry.symlink("l6", "../outside"), Entry.link("h2", "l6/secret")),
        PathEscapeException.class);
    archives.put(
        tar(
            Entry.symlink("l7", outside + "/new"),
            Entry.link("h3", "l7"),
            Entry.symlink("l8", "h3/x"),
            Entry.file("l8/evil")),
        FileAlreadyExistsException.class);
    archives.put(
        tar(
            Entry.symlink("loop1", "loop2"),
            Entry.symlink("loop2", "loop1"),
            Entry.file("loop1/x")),
        FileSystemException.class);
    archives.put(tar(Entry.file("n".repeat(300))), FileSystemException.class);
    archives.put(tar(Entry.file("file"), Entry.file("file/below")), FileSystemException.class);
    return archives;
  }

  @Test
  void noTarArchiveLeadsOutAndEachFailsClearly() throws IOException {
    String before = ground.outsideState();
    for (Map.Entry<byte[], Class<? extends Exception>> archive : escapes().entrySet()) {
      try (TarArchiveInputStream stream = tarStream(archive.getKey())) {
        assertThatThrownBy(() -> extract(stream, safe.getPath("/")))
            .as(names(archive.getKey()))
            .isInstanceOf(archive.getValue());
      }
    }
    assertThat(ground.outsideState()).isEqualTo(before);
  }

  private static String names(byte[] archive) throws IOException {
    StringBuilder names = new StringBuilder();
    try (TarArchiveInputStream stream = tarStream(archive)) {
      for (TarArchiveEntry entry = stream.getNextEntry();
          entry != null;
          entry = stream.getNextEntry()) {
        names.append(entry.getName()).append(" -> ").append(entry.getLinkName()).append(", ");
      }
    }
    return names.toString();
  }

  @Test
  void aFinalLinkIsReplacedOrWrittenThroughOnlyBeneath() throws IOException {
    String before = ground.outsideState();
    byte[] archive = tar(Entry.symlink("l", "../outside/secret"), Entry.file("l"));
    try (TarArchiveInputStream stream = tarStream(archive)) {
      extract(stream, safe.getPath("/")); // copy with REPLACE_EXISTING replaces the link itself
    }
    assertThat(ground.host().resolve("l")).hasContent(EVIL).isRegularFile();
    Files.createSymbolicLink(safe.getPath("through"), safe.getPath("../outside/secret"));
    assertThatThrownBy(() -> Files.writeString(safe.getPath("through"), EVIL))
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> Files.newOutputStream(safe.getPath("through")))
        .isInstanceOf(PathEscapeException.class);
    assertThat(ground.outsideState()).isEqualTo(before);
  }

  @Test
  void absoluteAndOddNamesStayBeneath() throws IOException {
    String before = ground.outsideState();
    String deep = "d".repeat(200) + "/";
    byte[] archive =
        tar(
            Entry.file("/etc/evil"),
            Entry.file("..\\evil"),
            Entry.file("CASE"),
            Entry.file("case"),
            Entry.file(deep.repeat(30) + "evil"));
    try (TarArchiveInputStream stream = tarStream(archive)) {
      extract(stream, safe.getPath("/"));
    }
    assertThat(ground.host().resolve("etc/evil")).hasContent(EVIL);
    assertThat(ground.host().resolve("..\\evil")).hasContent(EVIL);
    assertThat(ground.host().resolve("CASE")).hasContent(EVIL);
    assertThat(Files.readString(safe.getPath(deep.repeat(30) + "evil"))).isEqualTo(EVIL);
    assertThatThrownBy(() -> safe.getPath("/").resolve("a\0b"))
        .isInstanceOf(InvalidPathException.class);
    assertThat(ground.outsideState()).isEqualTo(before);
    Ground.run("rm", "-rf", ground.host().resolve("d".repeat(200)).toString());
  }

  /** A tar entry of a device has no content; one that is there already is not written to. */
  @Test
  void deviceEntriesMakeNoDeviceAndFifosAreRefused() throws IOException {
    try (TarArchiveInputStream stream =
        tarStream(
            tar(
                new Entry("device", TarConstants.LF_CHR, ""),
                new Entry("block", TarConstants.LF_BLK, ""),
                new Entry("fifo", TarConstants.LF_FIFO, "")))) {
      extract(stream, safe.getPath("/"));
    }
    assertThat(Files.isRegularFile(safe.getPath("block"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(Files.isRegularFile(safe.getPath("fifo"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(Files.isRegularFile(safe.getPath("device"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    Ground.run("mkfifo", ground.host().resolve("pipe").toString());
    assertThatThrownBy(() -> Files.write(safe.getPath("pipe"), new byte[1]))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void noZipArchiveLeadsOut() throws IOException {
    ground.link("planted", "../outside");
    String before = ground.outsideState();
    for (String name :
        new String[] {"../outside/evil", "planted/../evil", "planted/evil", "/../outside/evil"}) {
      try (ZipArchiveInputStream stream = zipStream(zip(name))) {
        assertThatThrownBy(() -> extract(stream, safe.getPath("/")))
            .as(name)
            .isInstanceOf(FileSystemException.class);
      }
    }
    assertThat(ground.outsideState()).isEqualTo(before);
  }

  @Test
  void aZipFileSystemCopiedByItsPathsStaysBeneath() throws IOException {
    ground.link("planted", "../outside");
    String before = ground.outsideState();
    Path archive =
        Files.write(ground.host().resolve("archive.zip"), zip("planted/evil", "good", "in/good"));
    for (Path source : List.of(safe.getPath("archive.zip"), archive)) {
      try (FileSystem zip = FileSystems.newFileSystem(source);
          InputStream in = Files.newInputStream(zip.getPath("planted/evil"))) {
        assertThatThrownBy(() -> Files.copy(in, safe.getPath("/").resolve("planted/evil")))
            .isInstanceOf(PathEscapeException.class);
        assertThatThrownBy(
                () -> Files.copy(zip.getPath("planted/evil"), safe.getPath("planted/evil")))
            .isInstanceOf(PathEscapeException.class);
        Files.copy(zip.getPath("good"), safe.getPath("good"), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    assertThat(ground.host().resolve("good")).hasContent(EVIL);
    assertThat(ground.outsideState()).isEqualTo(before);
  }

  /**
   * A library's own extractor, which compares paths as texts and writes through links that are
   * there.
   */
  @Test
  void anUnchangedLibraryStaysBeneathAndTheControlIsLedOut() throws IOException {
    ground.link("planted", "../outside");
    String before = ground.outsideState();
    Expander expander = new Expander();
    try (TarArchiveInputStream stream = tarStream(tar(Entry.file("planted/evil")))) {
      assertThatThrownBy(() -> expander.expand(stream, safe.getPath("/")))
          .isInstanceOf(FileSystemException.class);
    }
    try (ZipArchiveInputStream stream = zipStream(zip("planted/evil"))) {
      assertThatThrownBy(() -> expander.expand(stream, safe.getPath("/")))
          .isInstanceOf(FileSystemException.class);
    }
    assertThat(ground.outsideState()).isEqualTo(before);
    try (TarArchiveInputStream stream = tarStream(tar(Entry.file("planted/evil")))) {
      expander.expand(stream, ground.host());
    }
    assertThat(ground.outside().resolve("evil")).hasContent(EVIL);
  }
}

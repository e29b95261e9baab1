package dev.safefs.portable;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.LinkPolicy;
import dev.safefs.PathEscapeException;
import dev.safefs.SafeConfig;
import dev.safefs.SafeFileSystems;
import dev.safefs.handle.Route;
import dev.safefs.op.Opener;
import dev.safefs.op.Place;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Drives and shares, which Jimfs lists before drives. */
@Tag("R2")
class DrivesTest {
  private FileSystem delegate;
  private Path root;

  @BeforeEach
  void open() throws IOException {
    delegate =
        Jimfs.newFileSystem(Configuration.windows().toBuilder().setRoots("C:\\", "D:\\").build());
    root = plant(delegate);
  }

  private static Path plant(FileSystem fileSystem) throws IOException {
    Path root = Files.createDirectories(fileSystem.getPath("C:\\work\\in"));
    Files.writeString(fileSystem.getPath("C:\\file"), "outside");
    Files.writeString(fileSystem.getPath("D:\\file"), "outside");
    Files.writeString(root.resolve("file"), "inside");
    Files.createSymbolicLink(root.resolve("link"), fileSystem.getPath("C:\\file"));
    Files.createSymbolicLink(root.resolve("other"), fileSystem.getPath("D:\\file"));
    return root;
  }

  @AfterEach
  void close() throws IOException {
    delegate.close();
  }

  private static Path confined(Path root, LinkPolicy links) throws IOException {
    SafeConfig config = Answers.BEST_EFFORT.with("links", links);
    return SafeFileSystems.over(root, config).getRootDirectories().iterator().next();
  }

  @Test
  void absoluteLinksAreEscapesToReadersAndWriters() throws IOException {
    Path safe = confined(root, LinkPolicy.BENEATH);
    for (String name : new String[] {"link", "LINK", "other"}) {
      Path link = safe.resolve(name);
      assertThatThrownBy(() -> Files.readString(link)).isInstanceOf(PathEscapeException.class);
      assertThatThrownBy(() -> Files.writeString(link, "new"))
          .isInstanceOf(PathEscapeException.class);
    }
    assertThat(delegate.getPath("C:\\file")).hasContent("outside");
    assertThat(delegate.getPath("D:\\file")).hasContent("outside");
  }

  @Test
  void absoluteLinksBeginAtTheRootWhereTheyAreToForReadersAndWriters() throws IOException {
    Path safe = confined(root, LinkPolicy.IN_ROOT);
    assertThat(safe.resolve("link")).hasContent("inside");
    Files.writeString(safe.resolve("link"), "new");
    assertThat(root.resolve("file")).hasContent("new");
    assertThat(delegate.getPath("C:\\file")).hasContent("outside");
    assertThat(Files.isSymbolicLink(root.resolve("link"))).isTrue();
  }

  @Test
  @Tag("W4")
  void absoluteLinksAreWrittenThroughWhereNothingIsConfined() throws IOException {
    PortableEngine engine = new PortableEngine(delegate.provider(), delegate, Gaps.REFUSED);
    SafeConfig config = SafeConfig.installed();
    OpenRequest request = OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), config);
    for (String name : new String[] {"link", "other"}) {
      Route route = new Route("C:/work/in/" + name, "C:\\work\\in\\" + name);
      Opener.open(new Place(engine.ambient(), route, config), request).close();
      assertThat(Files.isSymbolicLink(root.resolve(name))).isTrue();
    }
    assertThat(delegate.getPath("C:\\file")).hasContent("");
    assertThat(delegate.getPath("D:\\file")).hasContent("");
    assertThat(root.resolve("file")).hasContent("inside");
  }

  /** Two separators at the beginning are no repeated ones. */
  @Test
  @Tag("W4")
  void linksToSharesAreWrittenThroughWhereNothingIsConfined() throws IOException {
    try (FileSystem shares =
        Jimfs.newFileSystem(
            Configuration.windows().toBuilder().setRoots("C:\\", "\\\\server\\share\\").build())) {
      Path file = Files.writeString(shares.getPath("\\\\server\\share\\file"), "old");
      Path link = Files.createSymbolicLink(shares.getPath("C:\\link"), file);
      PortableEngine engine = new PortableEngine(shares.provider(), shares, Gaps.REFUSED);
      SafeConfig config = SafeConfig.installed();
      OpenRequest request = OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), config);
      Route route = new Route("C:/link", "C:\\link");
      Opener.open(new Place(engine.ambient(), route, config), request).close();
      assertThat(file).hasContent("");
      assertThat(Files.isSymbolicLink(link)).isTrue();
    }
  }

  @Test
  @Tag("R1")
  void aShareThatIsTheFirstRootIsTheRootOfPaths() throws IOException {
    try (FileSystem shares =
        Jimfs.newFileSystem(
            Configuration.windows().toBuilder()
                .setRoots("C:\\", "D:\\", "\\\\server\\share\\")
                .build())) {
      Path safe = confined(plant(shares), LinkPolicy.BENEATH);
      assertThat(safe.resolve("file")).hasContent("inside");
      Files.writeString(safe.resolve("new"), "new");
      assertThat(shares.getPath("C:\\work\\in\\new")).hasContent("new");
      for (String outside : new String[] {"C:\\file", "D:\\file", "\\\\server\\other\\file"}) {
        assertThatThrownBy(() -> Files.readString(safe.getFileSystem().getPath(outside)))
            .as(outside)
            .isInstanceOf(PathEscapeException.class);
      }
    }
  }
}

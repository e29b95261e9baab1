package dev.safefs.confined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.safefs.PathEscapeException;
import dev.safefs.PlayedProvider;
import dev.safefs.SafeFiles;
import dev.safefs.kernel.Kernel;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation in guarded directories, however they are named. */
@Tag("R8")
@ParameterizedClass
@EnumSource(
    value = Kernel.class,
    names = {"WHOLE", "OLD"})
class GuardedOperationsTest {
  private final Kernel kernel;

  @TempDir Path temporary;
  private Ground ground;
  private Path elsewhere;

  GuardedOperationsTest(Kernel kernel) {
    this.kernel = kernel;
  }

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    Files.writeString(ground.outside().resolve("file"), "outside");
    ground.link("out", ground.outside().toString());
    ground.link("up", "../outside");
    elsewhere = Files.createDirectory(ground.host().resolveSibling("elsewhere"));
    restock();
  }

  private void restock() throws IOException {
    for (Path directory : new Path[] {ground.host().resolve("in"), elsewhere.resolve("in")}) {
      Ground.remove(directory);
      Files.writeString(Files.createDirectory(directory).resolve("file"), "file");
    }
  }

  private FileSystem guarding(Path... directories) {
    return PlayedProvider.guarding(kernel::over, directories);
  }

  @Test
  void noOperationIsLedOutAndEachIsDoneBeneath() throws Exception {
    String before = ground.outsideState();
    FileSystem safe = guarding(ground.host());
    Map<String, Operations.Call> operations = Operations.all(elsewhere.toString());
    for (Map.Entry<String, Operations.Call> operation : operations.entrySet()) {
      for (String way : new String[] {"out", "up", "..", "in/../../outside", "./out"}) {
        Path path = safe.getPath(ground.host() + "/" + way);
        assertThat(catchThrowable(() -> operation.getValue().on(path)))
            .as("%s %s", operation.getKey(), way)
            .isInstanceOf(PathEscapeException.class);
      }
      operation.getValue().on(safe.getPath(ground.host() + "/in"));
      restock();
      operation.getValue().on(safe.getPath(elsewhere + "/in"));
      restock();
    }
    Ground.remove(elsewhere);
    assertThat(ground.outsideState()).isEqualTo(before.replaceAll("(?m)^.*elsewhere\\n", ""));
  }

  @Test
  void eachSideOfEachOperationIsGuarded() throws Exception {
    FileSystem safe = guarding(ground.host());
    String outside = ground.outsideState();
    for (Map.Entry<String, TwoRootsTest.Pair> pair : TwoRootsTest.pairs().entrySet()) {
      Path free = safe.getPath(elsewhere + "/in");
      Path guarded = safe.getPath(ground.host() + "/in");
      for (String way : new String[] {"out", "up", ".."}) {
        Path path = safe.getPath(ground.host() + "/" + way);
        for (Path[] sides : new Path[][] {{path, free}, {free, path}, {path, guarded}}) {
          assertThat(catchThrowable(() -> pair.getValue().between(sides[0], sides[1])))
              .as("%s %s %s", pair.getKey(), sides[0], sides[1])
              .isInstanceOf(PathEscapeException.class);
        }
      }
      pair.getValue().between(free, guarded);
      restock();
      pair.getValue().between(guarded, free);
      restock();
    }
    assertThat(ground.outsideState()).isEqualTo(outside);
  }

  /** The link is followed to the directory that is guarded; beneath it no link leads out. */
  @Test
  void aGuardMayBeALinkToADirectory() throws IOException {
    Path link = ground.host().resolveSibling("link");
    Files.createSymbolicLink(link, ground.host());
    FileSystem safe = guarding(link);
    assertThat(Files.readString(safe.getPath(link + "/in/file"))).isEqualTo("file");
    Files.writeString(safe.getPath(link + "/in/new"), "new");
    assertThat(ground.host().resolve("in/new")).hasContent("new");
    for (String way : new String[] {"out/secret", "up/secret", "../outside/secret"}) {
      assertThatThrownBy(() -> Files.readString(safe.getPath(link + "/" + way)))
          .isInstanceOf(PathEscapeException.class);
    }
    assertThat(safe.getPath(link + "/in").toRealPath())
        .hasToString(ground.host().resolve("in").toString());
    // By another name it is no guarded directory.
    assertThat(Files.readString(safe.getPath(ground.host() + "/out/secret")))
        .isEqualTo(Ground.SECRET);

    Files.delete(link);
    assertThatThrownBy(() -> Files.readString(safe.getPath(link + "/in/file")))
        .isInstanceOf(NoSuchFileException.class);
    Files.createSymbolicLink(link, elsewhere);
    Files.createSymbolicLink(elsewhere.resolve("out"), ground.outside());
    assertThat(Files.readString(safe.getPath(link + "/in/file"))).isEqualTo("file");
    assertThatThrownBy(() -> Files.readString(safe.getPath(link + "/out/secret")))
        .isInstanceOf(PathEscapeException.class);
  }

  @Test
  void relativePathsBeginInTheWorkingDirectory() throws IOException {
    Path working = Path.of("").toAbsolutePath();
    for (Path guard : new Path[] {working, working.resolve("src"), working.getRoot()}) {
      FileSystem safe = guarding(guard);
      Path here = safe.getPath(working.relativize(guard).toString());
      if (guard.equals(working.getRoot())) {
        // Nothing is above it.
        assertThat(Files.isDirectory(safe.getPath("src"))).isTrue();
        continue;
      }
      try (var entries = Files.list(here)) {
        assertThat(entries).isNotEmpty();
      }
      for (String way : new String[] {"..", "./..", "../src/../.."}) {
        Path path = here.resolve(way);
        assertThatThrownBy(() -> Files.readAttributes(path, PosixFileAttributes.class))
            .as("%s", path)
            .isInstanceOf(PathEscapeException.class);
        assertThatThrownBy(() -> Files.list(path)).isInstanceOf(PathEscapeException.class);
        assertThatThrownBy(() -> SafeFiles.walk(path).close())
            .isInstanceOf(PathEscapeException.class);
      }
    }
  }

  @Test
  void guardsAreFoundInWhateverOrderAndSpelling() throws IOException {
    Path deep = Files.createDirectories(ground.host().resolve("in/deep"));
    Files.createSymbolicLink(deep.resolve("up"), Path.of("../file"));
    Path odd = Path.of(ground.host() + "//in/./deep/");
    for (FileSystem safe :
        new FileSystem[] {
          guarding(deep, ground.host()), guarding(ground.host(), deep), guarding(ground.host(), odd)
        }) {
      for (String way : new String[] {"/in/deep/up", "//in//./deep/./up", "/./in/deep/../file"}) {
        assertThatThrownBy(() -> Files.readString(safe.getPath(ground.host() + way)))
            .as(way)
            .isInstanceOf(PathEscapeException.class);
      }
      assertThat(Files.readString(safe.getPath(ground.host() + "/in/file"))).isEqualTo("file");
    }
    FileSystem outer = guarding(ground.host());
    assertThat(Files.readString(outer.getPath(deep + "/up"))).isEqualTo("file");
  }
}

package dev.safefs.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.safefs.RaceDetectedException;
import dev.safefs.SafeConfig;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another file is taken instead of the one that was meant, and its name is taken before it can be
 * put back: the exception itself tells where it is.
 */
@Tag("D1")
@Tag("R4")
class KeptFileTest {
  @TempDir Path temporary;
  private Path dir;
  private Object meant;

  @BeforeEach
  void plant() throws IOException {
    dir = Files.createDirectory(temporary.resolve("a-telling-name"));
    Files.createDirectory(dir.resolve("in"));
    Files.writeString(dir.resolve("in/a"), "MEANT");
    Files.writeString(dir.resolve("in/other"), "OTHER");
    Files.createSymbolicLink(dir.resolve("way"), Path.of("in"));
    meant =
        Files.readAttributes(
                dir.resolve("in/a"), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .fileKey();
  }

  private interface Deletion {
    void run(Scene scene) throws IOException;
  }

  /** Runs a deletion during which {@code a} becomes another file, and then a third. */
  private RaceDetectedException race(Deletion deletion) throws IOException {
    try (Scene scene = Scene.confined(dir, striking(Scene.kernel()), SafeConfig.confined())) {
      return catchThrowableOfType(RaceDetectedException.class, () -> deletion.run(scene));
    }
  }

  private Syscalls striking(Syscalls sys) {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (proxy, method, args) -> {
              boolean takesTheName =
                  method.getName().startsWith("renameat")
                      && new String((byte[]) args[1], StandardCharsets.UTF_8).equals("a\0");
              if (takesTheName && Files.exists(dir.resolve("in/other"))) {
                Files.move(dir.resolve("in/a"), dir.resolve("in/aside"));
                Files.move(dir.resolve("in/other"), dir.resolve("in/a"));
              }
              Object result = method.invoke(sys, args);
              if (takesTheName && Files.notExists(dir.resolve("in/a"))) {
                Files.writeString(dir.resolve("in/a"), "THIRD");
              }
              return result;
            });
  }

  /** The other name, read as a path of the confined file system, leads to the kept file. */
  private void tellsWhere(RaceDetectedException race, String path) {
    assertThat(race).isNotNull();
    assertThat(race.getFile()).isEqualTo(path);
    assertThat(race.getOtherFile()).startsWith("/").contains(".safefs-q");
    assertThat(dir.resolve(race.getOtherFile().substring(1))).hasContent("OTHER");
    assertThat(dir.resolve("in/a")).hasContent("THIRD");
    assertThat(race.toString()).doesNotContain(dir.getFileName().toString());
  }

  @Test
  void deleteIfSameTellsWhere() throws IOException {
    tellsWhere(race(scene -> Deleter.deleteIfSame(scene.place("in/a"), meant)), "/in/a");
  }

  @Test
  void deleteIfSameTellsWhereBeyondALink() throws IOException {
    tellsWhere(race(scene -> Deleter.deleteIfSame(scene.place("way/a"), meant)), "/way/a");
  }

  @Test
  @Tag("H2")
  void aPinnedDeleteTellsWhere() throws IOException {
    tellsWhere(race(scene -> delete(scene, "in/a")), "/in/a");
  }

  private static void delete(Scene scene, String name) throws IOException {
    try (Pin pin = Pin.open(scene.place(name), LinkMode.NOFOLLOW)) {
      pin.delete();
    }
  }

  /** What was played without rename flags: the first path is the kept file's. */
  @Test
  void theNameOfTheKeptFileIsTheOneThatIsNotTheUsers() {
    FileSystemException named =
        UserPath.named(new RaceDetectedException("/.safefs-q/a", "/a", "taken"), "/a");
    assertThat(named.getFile()).isEqualTo("/a");
    assertThat(named.getOtherFile()).isEqualTo("/.safefs-q/a");
    assertThat(named).isInstanceOf(RaceDetectedException.class);
  }
}

package dev.safefs;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which paths the exception of a call names whose path leads nowhere: those that the JDK's names.
 */
@Tag("contract")
class MissingPathsTest {
  @TempDir Path temp;

  /** A call that is to fail. */
  @FunctionalInterface
  private interface Call {
    void run() throws IOException;
  }

  @Test
  void areThoseOfTheJdk() throws IOException {
    Path safe = Path.of(URI.create("safe:///")).resolve(temp.toString());
    assertThat(missing(safe)).isEqualTo(missing(temp));
  }

  @Test
  void beneathAFileAreThoseOfTheJdk() throws IOException {
    Path safe = Path.of(URI.create("safe:///")).resolve(temp.toString());
    assertThat(beneathAFile(safe)).isEqualTo(beneathAFile(temp));
  }

  private static List<String> beneathAFile(Path root) throws IOException {
    Path file = root.resolve("file");
    Files.writeString(file, "");
    Path beneath = file.resolve("x");
    return named(
        List.of(
            () -> Files.createLink(beneath, file),
            () -> Files.move(file, beneath),
            () -> Files.move(file, beneath, REPLACE_EXISTING),
            () -> Files.move(file, beneath, ATOMIC_MOVE),
            () -> Files.copy(file, beneath)));
  }

  private static List<String> missing(Path root) throws IOException {
    Path none = root.resolve("none");
    Path fresh = root.resolve("fresh");
    Path file = root.resolve("file");
    Files.writeString(file, "");
    return named(
        List.of(
            () -> Files.move(none, fresh),
            () -> Files.move(none, fresh, ATOMIC_MOVE),
            () -> Files.move(none, none.resolve("x"), ATOMIC_MOVE),
            () -> Files.move(none, none.resolve("x"), REPLACE_EXISTING),
            () -> Files.move(none.resolve("x"), fresh, ATOMIC_MOVE),
            () -> Files.move(file, none.resolve("x")),
            () -> Files.move(file, none.resolve("x"), ATOMIC_MOVE),
            () -> Files.move(file, none.resolve("x"), REPLACE_EXISTING),
            () -> Files.copy(none, fresh),
            () -> Files.copy(file, none.resolve("x")),
            () -> Files.createLink(fresh, none),
            () -> Files.createLink(none.resolve("x"), file),
            () -> Files.createSymbolicLink(none.resolve("x"), fresh),
            () -> Files.delete(none),
            () -> Files.readString(none)));
  }

  private static List<String> named(List<Call> calls) throws IOException {
    List<String> named = new ArrayList<>();
    for (Call call : calls) {
      try {
        call.run();
        named.add("nothing");
      } catch (FileSystemException e) {
        named.add(e.getClass() + " " + e.getFile() + " " + e.getOtherFile());
      }
    }
    return named;
  }
}

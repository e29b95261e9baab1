package dev.safefs;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which paths a {@link NoSuchFileException} names: those that the JDK's names. */
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

  private static List<String> missing(Path root) throws IOException {
    Path none = root.resolve("none");
    Path fresh = root.resolve("fresh");
    Path file = root.resolve("file");
    Files.writeString(file, "");
    List<Call> calls =
        List.of(
            () -> Files.move(none, fresh),
            () -> Files.move(none, fresh, ATOMIC_MOVE),
            () -> Files.move(file, none.resolve("x")),
            () -> Files.move(file, none.resolve("x"), ATOMIC_MOVE),
            () -> Files.move(file, none.resolve("x"), REPLACE_EXISTING),
            () -> Files.copy(none, fresh),
            () -> Files.copy(file, none.resolve("x")),
            () -> Files.createLink(fresh, none),
            () -> Files.createLink(none.resolve("x"), file),
            () -> Files.createSymbolicLink(none.resolve("x"), fresh),
            () -> Files.delete(none),
            () -> Files.readString(none));
    List<String> named = new ArrayList<>();
    for (Call call : calls) {
      try {
        call.run();
        named.add("nothing");
      } catch (NoSuchFileException e) {
        named.add(e.getFile() + " " + e.getOtherFile());
      }
    }
    return named;
  }
}

package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.SafeFileSystems;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files with the attribute read-only: what is done with them ends as on the delegate itself. */
@Tag("A1")
class ReadOnlyAttributeTest {

  /** Delegates with DOS attributes. */
  enum Dos {
    JIMFS {
      @Override
      FileSystem open() {
        return Jimfs.newFileSystem(
            Configuration.windows().toBuilder().setAttributeViews("basic", "dos").build());
      }
    },
    MEMORY {
      @Override
      FileSystem open() throws IOException {
        return MemoryFileSystemBuilder.newWindows().build("r" + UUID.randomUUID());
      }
    };

    abstract FileSystem open() throws IOException;
  }

  /** Something done in a directory with a read-only file {@code r} and another file {@code w}. */
  private interface Action {
    void in(Path dir) throws IOException;
  }

  private static final Map<String, Action> ACTIONS =
      Map.of(
          "write", dir -> Files.writeString(dir.resolve("r"), "new"),
          "delete", dir -> Files.delete(dir.resolve("r")),
          "move", dir -> Files.move(dir.resolve("r"), dir.resolve("new")),
          "move over another",
              dir -> Files.move(dir.resolve("r"), dir.resolve("w"), REPLACE_EXISTING),
          "move over it", dir -> Files.move(dir.resolve("w"), dir.resolve("r"), REPLACE_EXISTING),
          "copy", dir -> Files.copy(dir.resolve("r"), dir.resolve("new")),
          "copy with attributes",
              dir -> Files.copy(dir.resolve("r"), dir.resolve("new"), COPY_ATTRIBUTES),
          "copy over it", dir -> Files.copy(dir.resolve("w"), dir.resolve("r"), REPLACE_EXISTING),
          "make writable", dir -> Files.setAttribute(dir.resolve("r"), "dos:readonly", false));

  private static String after(Action action, Path delegate, Path dir) throws IOException {
    Files.writeString(delegate.resolve("w"), "W");
    Files.setAttribute(Files.writeString(delegate.resolve("r"), "R"), "dos:readonly", true);
    String outcome = "done";
    try {
      action.in(dir);
    } catch (IOException e) {
      outcome = e.getClass().getSimpleName();
    }
    List<String> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(delegate)) {
      for (Path each : entries.sorted().toList()) {
        files.add(
            each.getFileName().toString().toLowerCase(Locale.ROOT)
                + "="
                + Files.readString(each)
                + (Files.getAttribute(each, "dos:readonly").equals(true) ? ", read-only" : ""));
      }
    }
    return outcome + " " + files;
  }

  /**
   * Returns what has to become of it. A copy is read-only as its source is, as CopyFileEx of
   * Windows has it, which the JDK calls; and what is refused changes nothing, whereas
   * memoryfilesystem truncates the file first.
   */
  private static String expected(String action, String delegates) {
    if (action.equals("copy")) {
      return "done [new=R, read-only, r=R, read-only, w=W]";
    }
    return delegates.startsWith("done")
        ? delegates
        : delegates.substring(0, delegates.indexOf(' ')) + " [r=R, read-only, w=W]";
  }

  @ParameterizedTest
  @EnumSource(Dos.class)
  void outcomesAreThoseOfTheDelegate(Dos dos) throws IOException {
    for (Map.Entry<String, Action> action : ACTIONS.entrySet()) {
      try (FileSystem delegate = dos.open()) {
        Path one = Files.createDirectories(delegate.getPath("C:\\one"));
        Path two = Files.createDirectories(delegate.getPath("C:\\two"));
        try (FileSystem safe = SafeFileSystems.over(two, Answers.BEST_EFFORT)) {
          Path root = safe.getRootDirectories().iterator().next();
          String expected = expected(action.getKey(), after(action.getValue(), one, one));
          assertThat(after(action.getValue(), two, root)).as(action.getKey()).isEqualTo(expected);
        }
      }
    }
  }
}

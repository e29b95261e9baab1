package dev.safefs.kernel;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.Guarantees;
import dev.safefs.Guarantees.Guarantee;
import dev.safefs.Guarantees.State;
import dev.safefs.InMemory;
import dev.safefs.JdkPaths;
import dev.safefs.PlayedProvider;
import dev.safefs.SafeFileSystem;
import dev.safefs.SafeFiles;
import dev.safefs.WrittenTable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What file systems answer and do on kernels that lack something: a table in the document. */
@Tag("G1")
@Tag("G2")
class LinuxGuaranteesTest {
  private static final Pattern NAMED = Pattern.compile("^([A-Z]+[0-9]*)\\b");

  private static final Map<Kernel, String> KERNELS = new LinkedHashMap<>();

  static {
    KERNELS.put(Kernel.WHOLE, "Linux");
    KERNELS.put(Kernel.OLD, "Linux 4.18, no `O_TMPFILE`");
    KERNELS.put(Kernel.RENAMEAT2_MISSING, "no `renameat2`");
    KERNELS.put(Kernel.PROC_MISSING, "no procfs");
  }

  @TempDir(factory = InMemory.class)
  Path machine;

  /** What needs a promise, done to a directory with a file {@code a} and a link {@code l}. */
  private interface Use {
    void on(Path dir) throws IOException;
  }

  private static Map<String, Use> uses() {
    Map<String, Use> uses = new LinkedHashMap<>();
    uses.put("R1", dir -> Files.exists(dir.resolve("a")));
    uses.put("W1", dir -> Files.writeString(dir.resolve("a"), "new"));
    uses.put("W6", dir -> Files.writeString(dir.resolve("a"), "new"));
    uses.put("M1", dir -> Files.move(dir.resolve("a"), dir.resolve("b")));
    uses.put("M2", dir -> Files.move(dir.resolve("a"), dir.resolve("empty"), REPLACE_EXISTING));
    uses.put("M5", dir -> SafeFiles.exchange(dir.resolve("a"), dir.resolve("l")));
    uses.put("C1", dir -> Files.copy(dir.resolve("a"), dir.resolve("b")));
    uses.put("C2", dir -> Files.copy(dir.resolve("a"), dir.resolve("b")));
    uses.put("C3", dir -> Files.copy(dir.resolve("a"), dir.resolve("b")));
    Path other = Path.of("other");
    uses.put("L1", dir -> SafeFiles.replaceSymbolicLink(dir.resolve("l"), seen(dir, other)));
    uses.put("L4", dir -> Files.createLink(dir.resolve("b"), dir.resolve("a")));
    uses.put(
        "L2",
        dir ->
            SafeFiles.replaceSymbolicLink(
                dir.resolve("l"), seen(dir, Path.of("a")), seen(dir, other)));
    uses.put("D1", dir -> SafeFiles.deleteIfSame(dir.resolve("a"), "no key"));
    uses.put("D2", dir -> SafeFiles.deleteTree(dir.resolve("empty")));
    uses.put("T1", dir -> SafeFiles.anonymousFile(dir).close());
    uses.put("A1", dir -> Files.setAttribute(dir.resolve("a"), "user:x", new byte[1]));
    uses.put(
        "H1",
        dir -> {
          try (var pinned = SafeFiles.pin(dir.resolve("a"))) {
            pinned.channel().close();
          }
        });
    uses.put(
        "H2",
        dir -> {
          try (var pinned = SafeFiles.pin(dir.resolve("a"))) {
            pinned.delete();
          }
        });
    uses.put("S1", dir -> Files.newDirectoryStream(dir).close());
    return uses;
  }

  private static Path seen(Path dir, Path name) {
    return dir.getFileSystem().getPath(name.toString());
  }

  private static void plant(Path host) throws IOException {
    Files.createDirectories(host);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(host)) {
      for (Path entry : entries) {
        Files.delete(entry);
      }
    }
    Files.createDirectories(host.resolve("empty"));
    Files.writeString(host.resolve("a"), "old");
    Files.createSymbolicLink(host.resolve("l"), Path.of("a"));
  }

  /** Tries everything, so that all is known, and asks. */
  private static Guarantees answers(Kernel kernel, Path host) throws IOException {
    plant(host);
    try (FileSystem safe =
        PlayedProvider.over(kernel::over)
            .newFileSystem(host, Map.of("strictness", "BEST_EFFORT"))) {
      for (Use use : uses().values()) {
        try {
          use.on(safe.getPath("/"));
        } catch (GuaranteeUnavailableException e) {
          assertThat(kernel).as("%s", e).isNotEqualTo(Kernel.WHOLE);
        } catch (FileSystemException e) {
          // Of this machine's file system, such as one without attributes of users.
          assertThat(e).as(kernel.name()).isNotInstanceOf(NoSuchFileException.class);
        }
        plant(host);
      }
      return ((SafeFileSystem) safe).guarantees(safe.getPath("/"));
    }
  }

  /** Returns what a strict file system does where a promise is lost. */
  private static String strictly(Kernel kernel, Path host, String promise) throws IOException {
    plant(host);
    try (FileSystem safe =
        PlayedProvider.over(kernel::over).newFileSystem(host, Map.of("strictness", "STRICT"))) {
      uses().get(promise).on(safe.getPath("/"));
      return "done";
    } catch (GuaranteeUnavailableException e) {
      Matcher named = NAMED.matcher(e.getReason());
      assertThat(named.find()).as(e.getReason()).isTrue();
      return "refused, naming " + named.group(1);
    }
  }

  @Test
  void theDocumentSaysWhatKernelsKeep() throws IOException {
    Path host = JdkPaths.of(machine).toRealPath().resolve("host");
    Map<Kernel, Guarantees> columns = new LinkedHashMap<>();
    for (Kernel kernel : KERNELS.keySet()) {
      columns.put(kernel, answers(kernel, host));
    }
    StringBuilder table = new StringBuilder("| promise | ");
    table.append(String.join(" | ", KERNELS.values())).append(" | `STRICT` |\n|");
    table.append("---|".repeat(KERNELS.size() + 2)).append('\n');
    List<Guarantee> rows = columns.get(Kernel.WHOLE).all();
    for (int i = 0; i < rows.size(); i++) {
      Guarantee first = rows.get(i);
      if (first.promise().equals("C3")) {
        continue; // not the kernel's but the file system's
      }
      table.append("| ").append(first.promise()).append(' ').append(first.subject()).append(" |");
      List<String> strict = new ArrayList<>();
      for (Map.Entry<Kernel, Guarantees> column : columns.entrySet()) {
        Guarantee cell = column.getValue().all().get(i);
        assertThat(cell.subject()).isEqualTo(first.subject());
        table.append(' ').append(cell.state()).append(", ").append(cell.mechanism()).append(" |");
        if (cell.state() == State.UNAVAILABLE) {
          strict.add(strictly(column.getKey(), host, first.promise()));
        }
      }
      table.append(strict.isEmpty() ? " -" : " " + String.join("; ", strict)).append(" |\n");
    }
    WrittenTable.compare(LinuxGuaranteesTest.class, table.toString());
  }
}

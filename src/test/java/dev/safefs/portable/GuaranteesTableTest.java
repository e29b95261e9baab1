package dev.safefs.portable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Guarantees;
import dev.safefs.InMemory;
import dev.safefs.SafeFileSystems;
import dev.safefs.WrittenTable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of guarantees in {@code docs/guarantees.md} is what file systems answer when asked;
 * {@code -Dsafefs.writeDocs=true} writes it.
 */
@Tag("G1")
class GuaranteesTableTest {
  @TempDir(factory = InMemory.class)
  Path machine;

  @Test
  void theDocumentSaysWhatFileSystemsAnswer() throws IOException {
    WrittenTable.compare(GuaranteesTableTest.class, table());
  }

  private String table() throws IOException {
    Map<List<Guarantees.Guarantee>, String> columns = new LinkedHashMap<>();
    try (FileSystem linux = SafeFileSystems.over(machine, Answers.BEST_EFFORT)) {
      columns.put(Answers.of(linux), "Linux, tmpfs");
    }
    for (Ground ground : Ground.values()) {
      columns.merge(Answers.of(ground), title(ground), (one, other) -> one + "; " + other);
    }
    List<List<Guarantees.Guarantee>> all = new ArrayList<>(columns.keySet());
    StringBuilder table = new StringBuilder("| promise | ");
    table.append(String.join(" | ", columns.values())).append(" |\n|");
    table.append("---|".repeat(columns.size() + 1)).append('\n');
    for (int row = 0; row < all.get(0).size(); row++) {
      Guarantees.Guarantee first = all.get(0).get(row);
      table.append("| ").append(first.promise()).append(' ').append(first.subject()).append(" |");
      for (List<Guarantees.Guarantee> column : all) {
        Guarantees.Guarantee cell = column.get(row);
        assertThat(cell.promise()).isEqualTo(first.promise());
        table.append(' ').append(cell.state()).append(", ").append(cell.mechanism()).append(" |");
      }
      table.append('\n');
    }
    return table.toString();
  }

  private static String title(Ground ground) {
    return switch (ground) {
      case JIMFS_UNIX -> "Jimfs, unix";
      case JIMFS_POSIX -> "Jimfs, unix, POSIX attributes";
      case JIMFS_OSX -> "Jimfs, osX";
      case JIMFS_WINDOWS -> "Jimfs, windows";
      case MEMORY_LINUX -> "memoryfilesystem, Linux";
      case MEMORY_WINDOWS -> "memoryfilesystem, Windows";
      case JDK -> "the JDK's provider on Linux";
    };
  }
}

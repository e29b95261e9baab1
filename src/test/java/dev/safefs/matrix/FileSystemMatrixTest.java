package dev.safefs.matrix;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.SafeFiles;
import dev.safefs.contract.ContractRun;
import dev.safefs.contract.Row;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The contract of moving and copying on each kind of file system that this machine can mount. A
 * sample of all pairs of names; {@code -Dsafefs.contract.every=1} tries all.
 */
@Tag("root")
class FileSystemMatrixTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EXFAT_FUSE")
  @Tag("M1")
  @Tag("M2")
  @Tag("C2")
  void theContractOfMoveAndCopyHolds(FileSystemKind kind) throws Exception {
    try (Mount mount = Mount.of(kind)) {
      Row row = kind.isPoor() ? Row.CONFINED_BEST_EFFORT : Row.CONFINED;
      int every = kind.isPoor() ? 11 : 3;
      List<String> failures = ContractRun.ofMoveAndCopy(mount.root(), row, every);
      assertThat(failures).isEmpty();
    }
  }

  /** With the settings of a program that wants each promise kept or an exception. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EXFAT_FUSE")
  @Tag("M1")
  @Tag("M5")
  void strictMovesAreExclusiveAndExchangesAtomicOrRefused(FileSystemKind kind) throws Exception {
    try (Mount mount = Mount.of(kind);
        FileSystem safe = confined(mount.root())) {
      Path a = Files.writeString(safe.getPath("/a"), "A");
      Path b = Files.writeString(safe.getPath("/b"), "B");
      Path directory = Files.createDirectory(safe.getPath("/d"));
      Files.writeString(directory.resolve("inner"), "inner");
      assertThatThrownBy(() -> Files.move(a, b)).isInstanceOf(FileAlreadyExistsException.class);
      assertThatThrownBy(() -> Files.move(directory, b))
          .isInstanceOf(FileAlreadyExistsException.class);
      Files.move(a, safe.getPath("/c"));
      Files.move(directory, safe.getPath("/e"));
      Files.copy(b, safe.getPath("/c"), REPLACE_EXISTING);
      assertThat(Files.readString(safe.getPath("/c"))).isEqualTo("B");
      if (kind.isPoor()) {
        assertThatThrownBy(() -> SafeFiles.exchange(b, safe.getPath("/e")))
            .isInstanceOf(GuaranteeUnavailableException.class);
      } else {
        SafeFiles.exchange(b, safe.getPath("/e"));
        assertThat(Files.readString(safe.getPath("/e"))).isEqualTo("B");
      }
      assertThat(names(mount.root())).contains("b", "c", "e").doesNotContain("a", "d");
      assertThat(names(mount.root())).noneMatch(name -> name.startsWith(".safefs-"));
    }
  }

  private static FileSystem confined(Path root) throws Exception {
    return FileSystems.newFileSystem(URI.create("safe://" + root.toUri().getRawPath()), Map.of());
  }

  private static List<String> names(Path directory) throws Exception {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}

package dev.safefs.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.Guarantees;
import dev.safefs.SafeConfig;
import dev.safefs.SafeFileSystem;
import dev.safefs.SafeFileSystems;
import dev.safefs.Strictness;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Ordinary programs on file systems over other providers. */
@ParameterizedClass
@EnumSource(value = Ground.class, mode = EnumSource.Mode.EXCLUDE, names = "JDK")
class FaceTest {
  private static final SafeConfig BEST_EFFORT =
      SafeConfig.confined().with("strictness", Strictness.BEST_EFFORT);

  private final Ground ground;
  private Path host;
  private FileSystem safe;

  FaceTest(Ground ground) {
    this.ground = ground;
  }

  @BeforeEach
  void open() throws IOException {
    host = ground.open();
    safe = SafeFileSystems.over(host, BEST_EFFORT);
  }

  @AfterEach
  void close() throws IOException {
    safe.close();
    ground.discard(host);
  }

  private Path path(String name) {
    return safe.getRootDirectories().iterator().next().resolve(name);
  }

  @Test
  void filesAreWrittenReadMovedAndDeleted() throws IOException {
    Files.createDirectories(path("d").resolve("e"));
    Path file = Files.writeString(path("d").resolve("a"), "A");
    assertThat(Files.readString(host.resolve("d").resolve("a"))).isEqualTo("A");
    Files.copy(file, path("copy"));
    assertThatThrownBy(() -> Files.move(file, path("copy")))
        .isInstanceOf(FileAlreadyExistsException.class);
    Files.move(file, path("copy"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(Files.size(path("copy"))).isEqualTo(1);
    assertThat(Files.isSameFile(path("copy"), path("d").resolve("..").resolve("copy"))).isTrue();
    Files.delete(path("copy"));
    assertThatThrownBy(() -> Files.readString(path("copy")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void treesAreWalked() throws IOException {
    Files.createDirectories(path("d").resolve("e"));
    Files.writeString(path("d").resolve("a"), "A");
    try (Stream<Path> walk = Files.walk(path("d"))) {
      assertThat(walk)
          .containsExactlyInAnyOrder(path("d"), path("d").resolve("e"), path("d").resolve("a"));
    }
  }

  /** Such as of archives, that come after this one and have settings of their own. */
  @Test
  @Tag("K5")
  void whatIsNoDirectoryIsLeftToOtherProviders() throws IOException {
    Map<String, ?> theirs = Map.of("create", "true");
    Path file = Files.writeString(host.resolve("file"), "x");
    Path absent = host.resolve("absent");

    assertThatThrownBy(() -> safe.provider().newFileSystem(file, theirs))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> safe.provider().newFileSystem(absent, theirs))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> safe.provider().newFileSystem(host, theirs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("create");
    assertThatThrownBy(() -> SafeFileSystems.over(absent, BEST_EFFORT))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  @Tag("G2")
  void strictSettingsAskForHeldDirectories() throws IOException {
    boolean held;
    try (var stream = Files.newDirectoryStream(host)) {
      held = stream instanceof java.nio.file.SecureDirectoryStream<?>;
    }
    if (held) {
      FileSystems.newFileSystem(host, Map.of()).close();
    } else {
      assertThatThrownBy(() -> FileSystems.newFileSystem(host, Map.of()))
          .isInstanceOf(GuaranteeUnavailableException.class)
          .hasMessageContaining("R1");
    }
  }

  @Test
  @Tag("G1")
  @Tag("H3")
  void guaranteesAreThoseOfTheDelegate() throws IOException {
    Guarantees guarantees = ((SafeFileSystem) safe).guarantees(path(""));
    assertThat(guarantees.of("R1").orElseThrow().state()).isEqualTo(Guarantees.State.DETECTED);
    assertThat(guarantees.of("M1").orElseThrow().state()).isEqualTo(Guarantees.State.KEPT);
    assertThat(guarantees.of("H1").orElseThrow().state()).isNotEqualTo(Guarantees.State.KEPT);
    assertThat(guarantees.of("D2").orElseThrow().state()).isEqualTo(Guarantees.State.DETECTED);
    assertThat(guarantees.of("M5").orElseThrow().state()).isEqualTo(Guarantees.State.UNAVAILABLE);
    assertThat(guarantees.of("W6").orElseThrow().state()).isEqualTo(Guarantees.State.UNAVAILABLE);
  }

  @Test
  void nothingButADirectoryIsTaken() throws IOException {
    Path file = Files.writeString(host.resolve("file"), "x");
    assertThatThrownBy(() -> SafeFileSystems.over(file, BEST_EFFORT))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aFileSystemInAFileSystemAndItsUris() throws IOException {
    Files.createDirectory(path("d"));
    try (FileSystem inner =
        FileSystems.newFileSystem(path("d"), Map.of("strictness", "BEST_EFFORT"))) {
      Path root = inner.getRootDirectories().iterator().next();
      Files.writeString(root.resolve("x"), "X");
      assertThat(root.resolve("x").toUri().toString()).startsWith("safe:").contains("!");
    }
    assertThat(Files.readString(path("d").resolve("x"))).isEqualTo("X");
    assertThat(path("d").toRealPath()).isEqualTo(path("d"));
  }
}

package dev.safefs.op;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.RaceDetectedException;
import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A staged file is exchanged in a directory that others may write to, by one who has found a way
 * into the private one in it: what is published is what was made, or the writer is told.
 */
@Tag("L3")
class StagedSwapTest {
  @TempDir Path base;
  @TempDir Path elsewhere;

  /** How a pending file comes to be staged. */
  enum Staging {
    LINKED {
      @Override
      Syscalls on(Syscalls sys) {
        return sys;
      }
    },
    NAMED {
      @Override
      Syscalls on(Syscalls sys) {
        return PoorMount.withoutAnonymousFiles(sys);
      }
    };

    abstract Syscalls on(Syscalls sys);
  }

  @BeforeEach
  void letOthersWrite() throws IOException {
    Files.writeString(base.resolve("file"), "old");
    Files.setAttribute(base, "unix:mode", 0777);
  }

  private void write(Syscalls sys) throws IOException {
    OpenRequest request =
        OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), SafeConfig.confined());
    try (Scene scene = Scene.confined(base, sys, SafeConfig.confined());
        FileChannel channel = Opener.open(scene.place("file"), request)) {
      channel.write(ByteBuffer.wrap(new byte[] {'n', 'e', 'w'}));
    }
  }

  /** Puts a file in the place of the only one in the private directory. */
  private void exchangeStaged() throws IOException {
    Path evil = Files.writeString(base.resolve("evil"), "evil");
    Files.move(evil, only(only(base, ".safefs-d"), ".safefs-f"), ATOMIC_MOVE);
  }

  private static Path only(Path dir, String prefix) throws IOException {
    try (Stream<Path> all = Files.list(dir)) {
      return all.filter(path -> path.getFileName().toString().startsWith(prefix))
          .findAny()
          .orElseThrow();
    }
  }

  private void holds(String content) throws IOException {
    assertThat(base.resolve("file")).hasContent(content);
    try (Stream<Path> all = Files.list(base)) {
      assertThat(all.map(path -> path.getFileName().toString())).containsExactly("file");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExchangeBeforeTheLookIsFoundOutAndNothingPublished(Staging staging) throws IOException {
    String last = staging == Staging.LINKED ? "linkat" : "fsync";
    Syscalls sys = Meddler.after(staging.on(Scene.kernel()), last, this::exchangeStaged);
    assertThatThrownBy(() -> write(sys))
        .isInstanceOf(RaceDetectedException.class)
        .hasMessageContaining("/file");
    holds("old");
  }

  @ParameterizedTest
  @EnumSource
  void anExchangeBetweenTheLookAndTheRenameIsFoundOutAfterwards(Staging staging)
      throws IOException {
    Syscalls sys = Meddler.before(staging.on(Scene.kernel()), "renameat", this::exchangeStaged);
    assertThatThrownBy(() -> write(sys))
        .isInstanceOf(RaceDetectedException.class)
        .hasMessageContaining("/file");
    holds("evil");
  }

  @ParameterizedTest
  @EnumSource
  void anotherWriterRightAfterTheRenameIsNoFault(Staging staging) throws IOException {
    Meddler.Deed replace =
        () -> {
          Path other = Files.writeString(base.resolve("other"), "other");
          Files.move(other, base.resolve("file"), ATOMIC_MOVE);
        };
    Syscalls sys = Meddler.after(staging.on(Scene.kernel()), "renameat", replace);
    assertThatCode(() -> write(sys)).doesNotThrowAnyException();
    holds("other");
  }

  @ParameterizedTest
  @EnumSource
  void aConsumerRightAfterTheRenameIsNoFault(Staging staging) throws IOException {
    Path taken = elsewhere.resolve("taken");
    Syscalls sys =
        Meddler.after(
            staging.on(Scene.kernel()),
            "renameat",
            () -> Files.move(base.resolve("file"), taken, ATOMIC_MOVE));
    assertThatCode(() -> write(sys)).doesNotThrowAnyException();
    assertThat(taken).hasContent("new");
  }

  @ParameterizedTest
  @EnumSource
  void whereModesAreIgnoredItIsPublishedAllTheSame(Staging staging) throws IOException {
    write(PoorMount.withoutModes(staging.on(Scene.kernel())));
    holds("new");
  }

  @Test
  void aDirectoryThatTakesThePrivateOnesPlaceIsNotUsed() throws IOException {
    Path open = Files.createDirectory(elsewhere.resolve("open"));
    Files.setAttribute(open, "unix:mode", 0777);
    Path aside = elsewhere.resolve("aside");
    Meddler.Deed exchange =
        () -> {
          Path made = only(base, ".safefs-d");
          Files.move(made, aside, ATOMIC_MOVE);
          Files.move(open, made, ATOMIC_MOVE);
        };
    Syscalls sys = Meddler.after(Staging.NAMED.on(Scene.kernel()), "mkdirat", exchange);
    assertThatThrownBy(() -> write(sys))
        .isInstanceOf(RaceDetectedException.class)
        .hasMessageContaining("exchanged");
    assertThat(base.resolve("file")).hasContent("old");
    assertThat(Files.list(base).filter(Files::isDirectory)).isEmpty();
  }

  @Test
  void controlATemporaryNameAndARenameNoticeNothing() throws IOException {
    Path staged = Files.writeString(base.resolve("staged"), "new");
    Path evil = Files.writeString(base.resolve("evil"), "evil");
    Files.move(evil, staged, ATOMIC_MOVE);
    Files.move(staged, base.resolve("file"), ATOMIC_MOVE);
    holds("evil");
  }
}

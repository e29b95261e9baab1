package dev.safefs.op;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Durability;
import dev.safefs.Requirement;
import dev.safefs.SafeConfig;
import dev.safefs.Strictness;
import dev.safefs.handle.Dir;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.op.TempNames.Kind;
import dev.safefs.request.OpenRequest;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a sweep removes, and what it leaves. */
@Tag("T2")
class SweeperTest extends InScene {
  @BeforeEach
  void begin() throws IOException {
    scene.file("file", "old");
  }

  private void sweep() throws IOException {
    Sweeper.sweep(scene.place(""));
  }

  @Test
  void leftoversOfEachKindAreRemoved() throws IOException {
    Files.writeString(scene.path(name(Kind.FILE)), "staged");
    Path dir = Files.createDirectory(scene.path(name(Kind.DIRECTORY)));
    Files.writeString(dir.resolve(name(Kind.FILE)), "staged");
    Files.createSymbolicLink(dir.resolve(name(Kind.LINK)), Path.of("file"));
    Files.createSymbolicLink(scene.path(name(Kind.LINK)), Path.of("file"));
    Files.createDirectory(scene.path(name(Kind.DIRECTORY)));
    sweep();
    assertThat(scene.names()).containsExactly("file");
  }

  @Test
  void whatOnlyLooksSimilarIsLeft() throws IOException {
    scene.file(".safefs-", "");
    scene.file(".safefs-fshort", "");
    scene.file(name(Kind.FILE) + "x", "");
    sweep();
    assertThat(scene.names()).hasSize(4);
  }

  @Test
  void aUsersFileInQuarantineGetsItsNameBack() throws IOException {
    Path quarantine = Files.createDirectory(scene.path(name(Kind.QUARANTINE)));
    Files.move(scene.path("file"), quarantine.resolve("file"));
    sweep();
    assertThat(scene.names()).containsExactly("file");
    assertThat(scene.content("file")).isEqualTo("old");
  }

  /** On a full disk a user's file may be under such a name itself, whoever knows its own. */
  @Test
  void aUsersFileUnderANameOfAQuarantineIsLeft() throws IOException {
    Path kept = scene.file(name(Kind.QUARANTINE), "a user's");
    Path link = scene.link(name(Kind.QUARANTINE), "a user's");
    sweep();
    assertThat(kept).hasContent("a user's");
    assertThat(link).isSymbolicLink();
  }

  @Test
  void aUsersFileInQuarantineReplacesNothing() throws IOException {
    Path quarantine = Files.createDirectory(scene.path(name(Kind.QUARANTINE)));
    Files.move(scene.path("file"), quarantine.resolve("file"));
    scene.file("file", "another");
    sweep();
    assertThat(scene.content("file")).isEqualTo("another");
    assertThat(quarantine.resolve("file")).hasContent("old");
  }

  @Test
  void aTreeThatNeverGotItsNameIsRemovedWithItsEntries() throws IOException {
    Path dir = Files.createDirectory(scene.path(name(Kind.DIRECTORY)));
    Path tree = Files.createDirectories(dir.resolve(name(Kind.TREE)).resolve("sub/deeper"));
    Files.writeString(tree.resolve("file"), "copied");
    Files.createSymbolicLink(tree.resolve("out"), scene.path("file"));
    sweep();
    assertThat(scene.names()).containsExactly("file");
    assertThat(scene.content("file")).isEqualTo("old");
  }

  @Test
  void aTreeIsLeftWhileItsOwnerLives() throws IOException {
    try (Dir dir =
            scene.anchor.openDir(scene.place("").route(), dev.safefs.request.LinkMode.FOLLOW);
        Stage stage = Stage.inPrivateDir(dir, Kind.DIRECTORY)) {
      Name staged = stage.freshName(Kind.TREE);
      stage.dir().mkdir(staged, 0700);
      try (Dir tree = stage.dir().openDir(staged)) {
        tree.mkdir(Name.of("sub"), 0700);
        sweep();
        assertThat(tree.stat(Name.of("sub"))).isPresent();
        tree.rmdir(Name.of("sub"));
      }
    }
    assertThat(scene.names()).containsExactly("file");
  }

  @Test
  void aDirectoryThatATreeWasExchangedForKeepsItsEntries() throws IOException {
    Path dir = Files.createDirectory(scene.path(name(Kind.DIRECTORY)));
    Path users = Files.createDirectory(dir.resolve(name(Kind.FILE)));
    Files.writeString(users.resolve("file"), "the user's");
    sweep();
    assertThat(users.resolve("file")).hasContent("the user's");
  }

  @Test
  void anEmptyQuarantineIsRemoved() throws IOException {
    scene.directory(name(Kind.QUARANTINE));
    sweep();
    assertThat(scene.names()).containsExactly("file");
  }

  @Test
  void whatFuseAndNfsHideInAQuarantineIsRemovedAndNotPutBack() throws IOException {
    Path quarantine = scene.directory(name(Kind.QUARANTINE));
    Files.writeString(quarantine.resolve(".fuse_hidden0000001200000001"), "removed");
    Files.writeString(quarantine.resolve(".nfs00000000000000010000000a"), "removed");
    sweep();
    assertThat(scene.names()).containsExactly("file");
  }

  @Test
  void aLiveStageIsLeft() throws IOException {
    try (Dir dir =
            scene.anchor.openDir(scene.place("").route(), dev.safefs.request.LinkMode.FOLLOW);
        Stage stage = Stage.inPrivateDir(dir, Kind.DIRECTORY)) {
      Name staged = stage.freshName(Kind.FILE);
      stage.dir().create(staged, 0600).orElseThrow().close();
      sweep();
      assertThat(stage.dir().stat(staged)).isPresent();
    }
    assertThat(scene.names()).containsExactly("file");
  }

  @Test
  void aLivePendingFileWithANameIsLeft() throws IOException {
    Scene poor =
        Scene.confined(dir, PoorMount.withoutAnonymousFiles(Scene.kernel()), SafeConfig.confined());
    OpenRequest request =
        OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), SafeConfig.confined());
    try (poor;
        PendingWrite write = PendingWrite.open(poor.place("file"), request)) {
      write.channel().write(ByteBuffer.wrap(new byte[] {'n', 'e', 'w'}));
      assertThat(scene.names()).hasSize(2);
      sweep();
      write.commit();
    }
    assertThat(scene.content("file")).isEqualTo("new");
    assertThat(scene.names()).containsExactly("file");
  }

  @Test
  @Tag("L3")
  void whereOthersMayWriteAPrivateDirectoryIsUsed() throws IOException {
    try (ParentRef at = Resolver.parent(scene.place("new"))) {
      try (Stage stage = Stage.open(at.dir())) {
        assertThat(stage.isPrivate()).isFalse();
      }
      Files.setAttribute(dir, "unix:mode", 0777);
      try (Stage stage = Stage.open(at.dir())) {
        assertThat(stage.isPrivate()).isTrue();
        assertThat(scene.names()).hasSize(2);
      }
    }
    assertThat(scene.names()).containsExactly("file");
  }

  @Test
  @Tag("L3")
  void whereTheDirectoryIsAnothersAPrivateDirectoryIsUsed() throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    Files.setAttribute(dir, "unix:uid", 1234);
    try (ParentRef at = Resolver.parent(scene.place("new"));
        Stage stage = Stage.open(at.dir())) {
      assertThat(stage.isPrivate()).isTrue();
    }
  }

  @Test
  @Tag("M1")
  void anExclusivePublishReplacesNothing() throws IOException {
    Pending.Terms terms =
        new Pending.Terms(0600, Replace.NO_REPLACE, Durability.NONE, Strictness.STRICT, "file");
    try (ParentRef at = Resolver.parent(scene.place("file"));
        Pending pending = Pending.begin(at.dir(), at.name(), terms)) {
      assertThat(pending.publish(Replace.NO_REPLACE)).isEqualTo(Pending.Outcome.EXISTS);
      assertThat(scene.content("file")).isEqualTo("old");
      assertThat(pending.publish(Replace.REPLACE)).isEqualTo(Pending.Outcome.PUBLISHED);
    }
    assertThat(scene.content("file")).isEmpty();
    assertThat(scene.names()).containsExactly("file");
  }

  private String name(Kind kind) throws IOException {
    try (ParentRef at = Resolver.parent(scene.place("any"))) {
      return TempNames.fresh(at.dir(), kind).text();
    }
  }
}

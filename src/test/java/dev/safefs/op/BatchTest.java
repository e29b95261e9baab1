package dev.safefs.op;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Explicit commits, of one file and of many. */
class BatchTest {
  private static final SafeConfig DURABLE =
      SafeConfig.confined().with("durability", "FILE_AND_NAME");

  @TempDir Path base;

  private static OpenRequest request(OpenOption... options) {
    return OpenRequest.parse(Set.of(options), DURABLE);
  }

  private static ByteBuffer bytes() {
    return ByteBuffer.wrap(new byte[] {'n', 'e', 'w'});
  }

  @Test
  @Tag("W7")
  void whatIsNotCommittedIsNotPublished() throws IOException {
    try (Scene scene = Scene.confined(base)) {
      scene.file("file", "old");
      try (PendingWrite write =
          PendingWrite.open(scene.place("file"), request(WRITE, CREATE, TRUNCATE_EXISTING))) {
        write.channel().write(bytes());
        write.channel().force(true);
        write.channel().close();
      }
      assertThat(scene.content("file")).isEqualTo("old");
      assertThat(scene.names()).containsExactly("file");
    }
  }

  @Test
  @Tag("W7")
  void aCommitPublishesOnce() throws IOException {
    try (Scene scene = Scene.confined(base);
        PendingWrite write =
            PendingWrite.open(scene.place("file"), request(WRITE, CREATE, TRUNCATE_EXISTING))) {
      write.channel().write(bytes());
      write.commit();
      assertThat(scene.content("file")).isEqualTo("new");
      assertThatThrownBy(write::commit).isInstanceOf(IllegalStateException.class);
      assertThat(write.channel().isOpen()).isFalse();
    }
  }

  @Test
  @Tag("W7")
  void anExclusiveCommitLosesToAFileThatCameFirst() throws IOException {
    try (Scene scene = Scene.confined(base);
        PendingWrite write = PendingWrite.open(scene.place("file"), request(WRITE, CREATE_NEW))) {
      write.channel().write(bytes());
      scene.file("file", "first");
      assertThatThrownBy(write::commit).isInstanceOf(FileAlreadyExistsException.class);
      assertThat(scene.content("file")).isEqualTo("first");
    }
  }

  /** All contents first, then all names, then each directory, also one that a link leads to. */
  @Test
  @Tag("W6")
  void aBatchSyncsContentsThenEachDirectoryOnce() throws IOException {
    TracingSyscalls tracing = new TracingSyscalls(Scene.kernel());
    try (Scene scene = Scene.confined(base, tracing.syscalls(), DURABLE);
        Batch batch = new Batch()) {
      scene.directory("x");
      scene.directory("y");
      scene.link("x/link", "../y/behind");
      for (String name : List.of("x/1", "x/2", "y/1", "y/2", "x/3", "x/link")) {
        batch
            .add(scene.place(name), request(WRITE, CREATE, TRUNCATE_EXISTING))
            .channel()
            .write(bytes());
      }
      tracing.clear();
      Batch.Result result = batch.commit();
      assertThat(result.failure()).isEmpty();
      assertThat(result.published()).hasSize(6);
      assertThat(scene.content("y/behind")).isEqualTo("new");
    }
    List<String> names = tracing.names();
    int firstName = names.indexOf("linkat");
    int lastName = names.lastIndexOf("linkat");
    assertThat(names.subList(0, firstName)).filteredOn("fsync"::equals).hasSize(6);
    assertThat(names.subList(firstName, lastName)).doesNotContain("fsync");
    assertThat(names.subList(lastName, names.size())).filteredOn("fsync"::equals).hasSize(2);
  }

  @Test
  @Tag("W6")
  void aBatchTellsWhatWasPublishedBeforeItFailed() throws IOException {
    FaultingSyscalls faults = FaultingSyscalls.once(Scene.kernel(), 2, Errno.EIO, "linkat");
    try (Scene scene = Scene.confined(base, faults.syscalls(), DURABLE);
        Batch batch = new Batch()) {
      PendingWrite first =
          batch.add(scene.place("first"), request(WRITE, CREATE, TRUNCATE_EXISTING));
      batch.add(scene.place("second"), request(WRITE, CREATE, TRUNCATE_EXISTING));
      batch.add(scene.place("third"), request(WRITE, CREATE, TRUNCATE_EXISTING));
      Batch.Result result = batch.commit();
      assertThat(result.failure()).isPresent();
      assertThat(result.published()).containsExactly(first);
      assertThat(scene.names()).containsExactly("first");
    }
  }
}

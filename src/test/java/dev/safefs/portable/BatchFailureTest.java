package dev.safefs.portable;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.LinkPolicy;
import dev.safefs.SafeConfig;
import dev.safefs.op.Batch;
import dev.safefs.op.PendingWrite;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch whose provider fails with what no call declares. */
@Tag("W6")
@Tag("K3")
class BatchFailureTest {
  private Optional<Throwable> failure = Optional.empty();
  private int renamesLeft = Integer.MAX_VALUE;

  private void before(String call) {
    if (call.startsWith("move") && renamesLeft-- == 0) {
      raise();
    }
  }

  private void raise() {
    if (failure.orElseThrow() instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure.orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, StackOverflowError.class})
  void aBatchTellsWhatWasPublishedBefore(Class<? extends Throwable> kind)
      throws IOException, ReflectiveOperationException {
    try (FileSystem fileSystem = Jimfs.newFileSystem(Configuration.windows())) {
      Path root = Files.createDirectories(fileSystem.getPath("C:\\work"));
      FilteringProvider provider = new FilteringProvider(fileSystem.provider(), this::before);
      try (Bench bench = Bench.over(root, provider, LinkPolicy.BENEATH)) {
        failure = Optional.of(kind.getConstructor(String.class).newInstance("unforeseen"));
        Batch.Result result = commit(bench);
        assertThat(result.failure()).isEqualTo(failure);
        // An Error of the JVM comes as an object of its own, as it may come again in a clean-up.
        assertThatThrownBy(result::check)
            .isInstanceOf(kind)
            .satisfies(
                thrown -> assertThat(Stream.of(thrown, thrown.getCause())).contains(failure.get()));
        assertThat(result.published()).hasSize(1);
        assertThat(bench.names()).containsExactly("a");
      }
      assertThat(provider.open()).isEmpty();
    }
  }

  private Batch.Result commit(Bench bench) throws IOException {
    OpenRequest request =
        OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), SafeConfig.confined());
    try (Batch batch = new Batch()) {
      List<PendingWrite> writes = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) {
        writes.add(batch.add(bench.place(name), request));
        writes.get(writes.size() - 1).channel().write(ByteBuffer.allocate(1));
      }
      renamesLeft = 1;
      Batch.Result result = batch.commit();
      assertThat(writes).startsWith(result.published().toArray(PendingWrite[]::new));
      return result;
    }
  }
}

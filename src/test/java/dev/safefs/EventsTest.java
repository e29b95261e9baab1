package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.kernel.Kernel;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("G3")
class EventsTest {

  @TempDir Path work;

  private List<RecordedEvent> recorded(FlightRecording.Act act) throws Exception {
    return FlightRecording.of(work.resolve("recording.jfr"), act);
  }

  @Test
  void aPublishIsRecordedWithItsPath() throws Exception {
    Path target = JdkPaths.of(work).resolve("published");
    List<RecordedEvent> events =
        recorded(
            () ->
                Files.writeString(
                    Path.of(URI.create("safe://" + target.toUri().getRawPath())), "content"));
    assertThat(events).isNotEmpty();
    assertThat(events.get(0).toString()).contains(target.toString());
  }

  @Test
  @Tag("G2")
  void aPromiseThatIsNotKeptIsRecordedWithItsId() throws Exception {
    assertThat(downgrades(Strictness.BEST_EFFORT))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getString("promise")).isEqualTo("M2");
              assertThat(event.getString("path")).isEqualTo("/directory");
              assertThat(event.getString("reason")).contains("exchange");
            });
    assertThat(downgrades(Strictness.STRICT)).as("control: refused").isEmpty();
  }

  /** Moves a file over an empty directory where names cannot be exchanged. */
  private List<RecordedEvent> downgrades(Strictness strictness) throws Exception {
    Path root = Files.createDirectory(JdkPaths.of(work).resolve(strictness.name()));
    Files.createDirectory(root.resolve("directory"));
    Files.createFile(root.resolve("file"));
    FileSystemProvider poor = PlayedProvider.over(Kernel.RENAMEAT2_WITHOUT_FLAGS::over);
    try (FileSystem safe = poor.newFileSystem(root, Map.of("strictness", strictness))) {
      Path target = safe.getPath("/directory");
      return recorded(
              () -> {
                try {
                  Files.move(safe.getPath("/file"), target, StandardCopyOption.REPLACE_EXISTING);
                } catch (GuaranteeUnavailableException e) {
                  assertThat(strictness).isEqualTo(Strictness.STRICT);
                }
              })
          .stream()
          .filter(event -> event.hasField("promise"))
          .toList();
    }
  }

  @Test
  void aCopyIsRecordedWithBothPathsAndItsSize() throws Exception {
    Path source = safe(Files.writeString(JdkPaths.of(work).resolve("source"), "content"));
    Path target = source.resolveSibling("target");
    assertThat(named("dev.safefs.Copy", recorded(() -> Files.copy(source, target))))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getString("source")).isEqualTo(source.toString());
              assertThat(event.getString("target")).isEqualTo(target.toString());
              assertThat(event.getLong("bytes")).isEqualTo("content".length());
              assertThat(event.getDuration("time")).isPositive();
            });
  }

  @Test
  void eachCopyOfATreeIsRecorded() throws Exception {
    Path source = safe(Files.createDirectory(JdkPaths.of(work).resolve("source")));
    Files.writeString(source.resolve("file"), "content");
    Path target = source.resolveSibling("target");
    assertThat(named("dev.safefs.Copy", recorded(() -> SafeFiles.copyTree(source, target))))
        .extracting(event -> event.getString("source"))
        .contains(source.resolve("file").toString());
  }

  private static Path safe(Path path) {
    return Path.of(URI.create("safe://" + path.toUri().getRawPath()));
  }

  private static List<RecordedEvent> named(String name, List<RecordedEvent> events) {
    return events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
  }
}

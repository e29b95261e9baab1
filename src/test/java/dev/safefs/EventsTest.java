package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("G3")
class EventsTest {

  @TempDir Path work;

  @Test
  void aPublishIsRecordedWithItsPath() throws Exception {
    Path target = JdkPaths.of(work).resolve("published");
    Path file = work.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      Files.writeString(Path.of(URI.create("safe://" + target.toUri().getRawPath())), "content");
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().startsWith("dev.safefs."))
            .toList();
    assertThat(events).isNotEmpty();
    assertThat(events.get(0).toString()).contains(target.toString());
  }
}

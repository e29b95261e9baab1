package dev.safefs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** What the flight recorder gets of ours. */
public final class FlightRecording {

  private FlightRecording() {}

  /** What is recorded. */
  public interface Act {
    /** Does it. */
    void run() throws Exception;
  }

  /** Returns our events of an act, which are kept in a file meanwhile. */
  public static List<RecordedEvent> of(Path file, Act act) throws Exception {
    try (Recording recording = new Recording()) {
      recording.start();
      act.run();
      recording.stop();
      recording.dump(file);
    }
    return events(file);
  }

  private static List<RecordedEvent> events(Path file) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("dev.safefs."))
        .toList();
  }
}

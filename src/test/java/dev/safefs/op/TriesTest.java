package dev.safefs.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.safefs.FlightRecording;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TriesTest {

  @Test
  void endAfterSome() {
    Tries tries = new Tries(() -> "/path");
    int begun = 0;
    while (tries.next()) {
      begun++;
    }
    assertThat(begun).isGreaterThan(1);
    assertThat(tries).hasToString(begun + " tries");
  }

  @Test
  @Tag("G3")
  void allButTheFirstAreRecorded(@TempDir Path work) throws Exception {
    Tries tries = new Tries(() -> "/path");
    assertThat(
            FlightRecording.of(
                work.resolve("recording.jfr"),
                () -> {
                  tries.next();
                  tries.next();
                }))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getEventType().getName()).isEqualTo("dev.safefs.Retry");
              assertThat(event.getString("path")).isEqualTo("/path");
              assertThat(event.getInt("number")).isEqualTo(2);
            });
  }

  @Test
  @Tag("G3")
  void theFirstAsksForNoPath() {
    assertThat(new Tries(() -> fail("asked for")).next()).isTrue();
  }
}

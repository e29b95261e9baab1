package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.Channel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Channels are remembered while they are open, and no longer. */
@Tag("H1")
class InUseTest {
  private static final int MANY = 10_000;

  private final InUse<Channel, Integer> open = new InUse<>(each -> !each.isOpen());

  /** Something that is open until it is closed, without a descriptor. */
  private static final class Plain implements Channel {
    private boolean isClosed;

    @Override
    public boolean isOpen() {
      return !isClosed;
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  @Test
  void closedChannelsAreForgottenWithoutTheGarbageCollector() {
    List<Channel> kept = new ArrayList<>(); // so that it cannot find them
    for (int i = 0; i < MANY; i++) {
      Plain channel = new Plain();
      kept.add(channel);
      open.put(channel, i);
      channel.close();
      assertThat(open.objects()).hasSizeLessThan(100);
    }
    assertThat(kept).hasSize(MANY);
  }

  @Test
  void openChannelsAreRemembered() {
    List<Channel> kept = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      Channel channel = new Plain();
      kept.add(channel);
      open.put(channel, i);
    }
    for (int i = 0; i < MANY; i++) {
      assertThat(open.get(kept.get(i))).isEqualTo(i);
    }
  }
}

package dev.safefs;

import java.nio.channels.Channel;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of channels as long as they are open. Safe for use by several threads.
 *
 * <p>One that is closed is not waited for the garbage collector to find: what is known of each
 * would have to be copied by it first, and a program that opens many files would have pauses of
 * half a second from that.
 *
 * @param <T> what is known
 */
final class OpenChannels<T> {
  private static final int FEW = 64;

  /** Weak, because one may be abandoned without being closed. */
  private final Map<Channel, T> known = new WeakHashMap<>();

  private int tolerated = FEW;

  /** Remembers something of a channel. Now and then forgets those that were closed. */
  synchronized void put(Channel channel, T value) {
    known.put(channel, value);
    if (known.size() > tolerated) {
      known.keySet().removeIf(each -> !each.isOpen());
      // So that each look at all is paid for by as many channels that were opened since.
      tolerated = Math.max(FEW, 2 * known.size());
    }
  }

  /** Returns what is known of an open channel, or null. */
  synchronized @Nullable T get(Channel channel) {
    return known.get(channel);
  }

  /** Returns how many channels are remembered. */
  synchronized int size() {
    return known.size();
  }
}

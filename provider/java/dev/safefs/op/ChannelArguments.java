package dev.safefs.op;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.util.Objects;

/**
 * Refuses what the callers of a channel get wrong, as the documentation of {@code FileChannel} has
 * it, before the delegate is asked: what that throws then is its failure. Promise W2.
 */
final class ChannelArguments {
  private ChannelArguments() {}

  /** Refuses nothing. */
  static void none() {}

  /** Refuses a buffer that is none. */
  static void buffer(ByteBuffer buffer) {
    Objects.requireNonNull(buffer);
  }

  /** Refuses a part of an array that is not in it, or has a buffer that is none. */
  static void buffers(ByteBuffer[] buffers, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffers.length);
    for (int i = offset; i < offset + length; i++) {
      buffer(buffers[i]);
    }
  }

  /** Refuses a buffer that is none, and a position before the file. */
  static void at(ByteBuffer buffer, long position) {
    buffer(buffer);
    notNegative(position);
  }

  /**
   * Refuses what cannot be mapped.
   *
   * @param most how many bytes can be
   */
  static void mapped(MapMode mode, long position, long size, long most) {
    Objects.requireNonNull(mode);
    part(position, size);
    if (position + size < 0 || size > most) {
      throw new IllegalArgumentException("too large: " + position + " and " + size);
    }
  }

  /** Refuses a part of a file that begins before it, or is less than nothing. */
  static void part(long position, long size) {
    notNegative(position);
    notNegative(size);
  }

  /** Refuses a negative size or position. */
  static void notNegative(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("negative: " + number);
    }
  }
}

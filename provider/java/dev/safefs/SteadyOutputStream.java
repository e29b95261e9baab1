package dev.safefs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A stream on a channel that an interrupt does not close, as far as that can be had from outside
 * the JDK: a pending interrupt is put off until after the write. The JDK's own streams on its own
 * channels are the same. <i>Races:</i> an interrupt in the middle of a write still closes the
 * channel, and what was pending is not published.
 */
final class SteadyOutputStream extends OutputStream {
  private final WritableByteChannel channel;

  SteadyOutputStream(WritableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b});
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    boolean isInterrupted = Thread.interrupted();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

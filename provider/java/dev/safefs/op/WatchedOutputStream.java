package dev.safefs.op;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * A stream each failure of which poisons what is written, also where the writer swallows it, as
 * {@code PrintStream} does. Promise W2.
 */
final class WatchedOutputStream extends OutputStream {
  private final OutputStream out;
  private final Lifecycle lifecycle;

  WatchedOutputStream(OutputStream out, Lifecycle lifecycle) {
    this.out = out;
    this.lifecycle = lifecycle;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b});
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    lifecycle.writing(
        () -> Objects.checkFromIndexSize(offset, length, bytes.length),
        () -> {
          out.write(bytes, offset, length);
          return length;
        });
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}

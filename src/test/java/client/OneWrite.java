package client;

import dev.safefs.FileBatch;
import dev.safefs.SafeFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that writes one file, or several as a batch, and ends, to be killed while it does. */
public final class OneWrite {
  private static final int BYTES = 120_000;

  private OneWrite() {}

  /**
   * Runs it.
   *
   * @param arguments {@code write} or {@code batch}, and URIs of files
   * @throws IOException if it fails
   */
  public static void main(String[] arguments) throws IOException {
    byte[] content = "new".repeat(BYTES / 3).getBytes(StandardCharsets.UTF_8);
    if (arguments[0].equals("write")) {
      Files.write(Path.of(URI.create(arguments[1])), content);
      return;
    }
    Path dir = Path.of(URI.create(arguments[1])).getParent();
    try (FileBatch batch = SafeFiles.batch(dir)) {
      for (int i = 1; i < arguments.length; i++) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        FileChannel channel = batch.add(Path.of(URI.create(arguments[i])));
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      batch.commit();
    }
  }
}

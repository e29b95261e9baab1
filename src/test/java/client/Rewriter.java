package client;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * Rewrites a file again and again, each version whole, and appends its number to another file when
 * the write has returned; or checks what is left of it.
 */
public final class Rewriter {
  private static final int MOST_BYTES = 60_000;
  private static final int CHUNK_BYTES = 8192;
  private static final int FRAME_BYTES = Long.BYTES + Integer.BYTES + Long.BYTES;

  private Rewriter() {}

  /**
   * Runs it.
   *
   * @param arguments {@code write URI ACK COUNT}, with 0 for no end, or {@code check FILE ACK}, or
   *     {@code check-whole FILE ACK}, where an older version than was acknowledged will do
   * @throws IOException if a write fails
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("write")) {
      write(Path.of(URI.create(arguments[1])), Path.of(arguments[2]), Long.parseLong(arguments[3]));
      return;
    }
    String verdict = verdict(arguments[0], Path.of(arguments[1]), Path.of(arguments[2]));
    System.out.println(verdict);
    System.exit(verdict.startsWith("ok") ? 0 : 1);
  }

  private static void write(Path file, Path ack, long count) throws IOException {
    long first = version(file) + 1;
    for (long version = first; count == 0 || version < first + count; version++) {
      byte[] content = content(version);
      try (OutputStream out = Files.newOutputStream(file)) {
        for (int at = 0; at < content.length; at += CHUNK_BYTES) {
          out.write(content, at, Math.min(CHUNK_BYTES, content.length - at));
        }
      }
      Files.writeString(ack, version + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  private static byte[] content(long version) {
    Random random = new Random(version);
    byte[] body = new byte[100 + random.nextInt(MOST_BYTES)];
    random.nextBytes(body);
    CRC32 sum = new CRC32();
    sum.update(body);
    ByteBuffer content = ByteBuffer.allocate(FRAME_BYTES + body.length);
    return content.putLong(version).putInt(body.length).putLong(sum.getValue()).put(body).array();
  }

  /** Returns the version of a whole file, 0 where there is none, and -1 if it is torn. */
  private static long version(Path file) throws IOException {
    byte[] read;
    try {
      read = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
    ByteBuffer content = ByteBuffer.wrap(read);
    if (read.length < FRAME_BYTES) {
      return -1;
    }
    long version = content.getLong();
    int length = content.getInt();
    CRC32 sum = new CRC32();
    sum.update(read, FRAME_BYTES, read.length - FRAME_BYTES);
    return length == read.length - FRAME_BYTES && content.getLong() == sum.getValue()
        ? version
        : -1;
  }

  private static String verdict(String check, Path file, Path ack) throws IOException {
    long version = version(file);
    long acknowledged = 0;
    if (Files.exists(ack)) {
      List<String> lines =
          List.of(Files.readString(ack, StandardCharsets.US_ASCII).split("(?<=\n)"));
      for (String line : lines) {
        acknowledged = line.endsWith("\n") ? Long.parseLong(line.trim()) : acknowledged;
      }
    }
    if (version < 0) {
      return "TORN, acknowledged " + acknowledged;
    }
    if (version < acknowledged && check.equals("check")) {
      return "LOST, have " + version + ", acknowledged " + acknowledged;
    }
    return "ok, version " + version + ", acknowledged " + acknowledged;
  }
}

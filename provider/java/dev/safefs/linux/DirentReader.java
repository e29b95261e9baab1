package dev.safefs.linux;

import dev.safefs.handle.Entry;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Structs;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/** Reads the entries that one getdents64(2) returned. */
final class DirentReader {
  /** Enough for some 200 names. Many directories hold less, and to clear more takes its time. */
  private static final int FIRST_BYTES = 8 * 1024;

  private static final int LATER_BYTES = 32 * 1024;

  /** The longest entry is one of 255 bytes. */
  private static final int LONGEST_BYTES = 280;

  private byte[] buffer = {};
  private int at;
  private int end;

  /** Returns where getdents64 writes. */
  byte[] buffer() {
    return buffer;
  }

  /** Gives getdents64 more room if it may have stopped for want of it. All entries are read. */
  void makeRoom() {
    if (end > buffer.length - LONGEST_BYTES && buffer.length < LATER_BYTES) {
      buffer = new byte[buffer.length == 0 ? FIRST_BYTES : LATER_BYTES];
    }
  }

  /** Begins with what getdents64 has written. */
  void filled(int bytes) {
    at = 0;
    end = bytes;
  }

  /**
   * Returns the next entry that is not {@code .} or {@code ..}, or empty at the end of the buffer.
   */
  Optional<Entry> next(String display) throws IOException {
    while (at < end) {
      FileType type = type(Structs.direntType(buffer, at));
      int from = Structs.direntNameFrom(at);
      int to = Structs.direntNameTo(buffer, at);
      at = Structs.direntNext(buffer, at);
      if (!isDots(from, to)) {
        return Optional.of(new Entry(name(from, to, display), type));
      }
    }
    return Optional.empty();
  }

  private boolean isDots(int from, int to) {
    int length = to - from;
    return length <= 2 && buffer[from] == '.' && (length == 1 || buffer[from + 1] == '.');
  }

  private Name name(int from, int to, String display) throws IOException {
    try {
      return Name.of(buffer, from, to);
    } catch (IllegalArgumentException e) {
      throw new FileSystemException(display, null, "getdents64: an entry that is no name");
    }
  }

  private static FileType type(int type) {
    return switch (type) {
      case Abi.DT_REG -> FileType.REGULAR;
      case Abi.DT_DIR -> FileType.DIRECTORY;
      case Abi.DT_LNK -> FileType.SYMLINK;
      case Abi.DT_FIFO -> FileType.FIFO;
      case Abi.DT_SOCK -> FileType.SOCKET;
      case Abi.DT_BLK -> FileType.BLOCK_DEVICE;
      case Abi.DT_CHR -> FileType.CHARACTER_DEVICE;
      default -> FileType.UNKNOWN;
    };
  }
}

package dev.safefs.portable;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.CopyMonitor;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Stat;
import dev.safefs.handle.SyncScope;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A file's content, through a channel that a handle owns: open all the time, or, where channels may
 * write a file only when they are closed, from its first use until it is to be synced.
 */
final class Content implements Closeable {
  private static final int BUFFER_BYTES = 1 << 17;

  private final Host host;
  private final Location location;
  private final Optional<Unsynced> unsynced;
  private Optional<FileChannel> open;

  /**
   * A content that cannot be synced.
   *
   * @param opener opens it to be written, or read
   * @param display the user's path
   */
  private record Unsynced(Opener opener, String display) {}

  /** Opens it once more. */
  @FunctionalInterface
  private interface Opener {
    FileChannel open(StandardOpenOption access) throws IOException;
  }

  private Content(
      Host host, Location location, Optional<FileChannel> open, Optional<Unsynced> unsynced) {
    this.host = host;
    this.location = location;
    this.open = open;
    this.unsynced = unsynced;
    open.ifPresent(this::opened);
  }

  /** Takes over an open channel. */
  static Content of(Host host, Location location, FileChannel channel) {
    return new Content(host, location, Optional.of(channel), Optional.empty());
  }

  /** Opens nothing yet. */
  static Content unsynced(Host host, Location location, FileType type, String display) {
    Unsynced unsynced =
        new Unsynced(
            access ->
                location.at(
                    where -> new Opening(host, type, Set.of(access)).channel(where, display)),
            display);
    return new Content(host, location, Optional.empty(), Optional.of(unsynced));
  }

  /** Tells whether it may be seen, and written once more, when its channel is closed. */
  boolean isLate() {
    return unsynced.isPresent()
        || host.traits().contains(Trait.ZIP)
        || open.filter(ByteChannelFile.class::isInstance).isPresent();
  }

  private void opened(FileChannel channel) {
    if (isLate()) {
      location.node().openedLate(channel);
    } else {
      location.node().opened(channel);
    }
  }

  void copyTo(Content target, CopyMonitor monitor) throws IOException {
    if (unsynced.isEmpty()) {
      copy(channel(), target, monitor);
      return;
    }
    closeChannel();
    try (FileChannel from = unsynced.get().opener().open(StandardOpenOption.READ)) {
      copy(from, target, monitor);
    }
  }

  private static void copy(FileChannel from, Content target, CopyMonitor monitor)
      throws IOException {
    long total = from.size();
    long done = 0;
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (int read = from.read(buffer, done); read >= 0; read = from.read(buffer, done)) {
      buffer.flip();
      done = write(target.channel(), buffer, done);
      buffer.clear();
      monitor.progressed(done, total);
    }
  }

  /**
   * Writes all of it and returns where that ends. A channel that takes nothing is no reason to
   * wait.
   */
  private static long write(FileChannel channel, ByteBuffer buffer, long start) throws IOException {
    long at = start;
    while (buffer.hasRemaining()) {
      int taken = channel.write(buffer, at);
      if (taken <= 0) {
        throw new IOException("nothing more is written");
      }
      at += taken;
    }
    return at;
  }

  void setSize(long sizeBytes) throws IOException {
    FileChannel channel = channel();
    // Written out: memoryfilesystem shows what was cut off before in a hole that a write leaves.
    for (long end = channel.size(); end < sizeBytes; end = channel.size()) {
      write(channel, ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, sizeBytes - end)), end);
    }
    // Some are written from the beginning to the end only, and begin with nothing.
    if (channel.size() > sizeBytes) {
      channel.truncate(sizeBytes);
    }
  }

  void force(SyncScope scope) throws IOException {
    if (unsynced.isPresent()) {
      closeChannel();
      throw new GuaranteeUnavailableException(
          unsynced.get().display(), null, Gaps.Gap.NO_SYNC.reason());
    }
    FileChannel channel = channel();
    keepingTime(() -> channel.force(scope == SyncScope.CONTENT_AND_ATTRIBUTES));
  }

  @Override
  public void close() throws IOException {
    try {
      closeChannel();
    } finally {
      if (unsynced.isPresent()) {
        location.node().endsWriting();
      }
    }
  }

  private FileChannel channel() throws IOException {
    boolean isOpen = open.filter(FileChannel::isOpen).isPresent();
    if (!isOpen && unsynced.isPresent()) {
      FileChannel channel = unsynced.get().opener().open(StandardOpenOption.WRITE);
      opened(channel);
      open = Optional.of(channel);
    }
    return open.orElseThrow();
  }

  private void closeChannel() throws IOException {
    if (open.filter(FileChannel::isOpen).isEmpty()) {
      return;
    }
    FileChannel channel = open.get();
    location.node().closed(channel);
    if (unsynced.isEmpty()) {
      location.node().endsWriting();
    }
    try (channel) {
      keepingTime(channel::close);
    }
  }

  /** Does something that some delegates take for a change of the content. */
  private void keepingTime(Failures.Step step) throws IOException {
    if (!host.traits().contains(Trait.SYNC_CHANGES_TIME)) {
      step.make();
      return;
    }
    Optional<Instant> before = location.stat().map(Stat::modified);
    step.make();
    if (before.isPresent() && !location.stat().map(Stat::modified).equals(before)) {
      setModified(before.get());
    }
  }

  private void setModified(Instant modified) throws IOException {
    if (location.currentPath().isPresent()) {
      location.at(
          where -> {
            BasicFileAttributeView view = where.view(BasicFileAttributeView.class).orElseThrow();
            view.setTimes(FileTime.from(modified), null, null);
            return where;
          });
    }
  }
}

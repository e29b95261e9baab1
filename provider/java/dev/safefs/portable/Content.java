package dev.safefs.portable;

import dev.safefs.handle.CopyMonitor;
import dev.safefs.handle.Stat;
import dev.safefs.handle.SyncScope;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

/** A file's content, open through a channel that a handle owns. */
final class Content implements Closeable {
  private static final int BUFFER_BYTES = 1 << 17;

  private final Host host;
  private final Location location;
  private final FileChannel channel;

  Content(Host host, Location location, FileChannel channel) {
    this.host = host;
    this.location = location;
    this.channel = channel;
    location.node().opened(channel);
  }

  void copyTo(Content target, CopyMonitor monitor) throws IOException {
    long total = channel.size();
    long done = 0;
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (int read = channel.read(buffer, done); read >= 0; read = channel.read(buffer, done)) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        done += target.channel.write(buffer, done);
      }
      buffer.clear();
      monitor.progressed(done, total);
    }
  }

  void setSize(long sizeBytes) throws IOException {
    // Written out: memoryfilesystem shows what was cut off before in a hole that a write leaves.
    for (long end = channel.size(); end < sizeBytes; end = channel.size()) {
      channel.write(ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, sizeBytes - end)), end);
    }
    channel.truncate(sizeBytes);
  }

  void force(SyncScope scope) throws IOException {
    keepingTime(() -> channel.force(scope == SyncScope.CONTENT_AND_ATTRIBUTES));
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      location.node().closed(channel);
      location.node().endsWriting();
      try (channel) {
        keepingTime(channel::close);
      }
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

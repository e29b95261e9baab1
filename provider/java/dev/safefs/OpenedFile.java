package dev.safefs;

import dev.safefs.handle.Stat;
import dev.safefs.op.Opener;
import dev.safefs.op.Pin;
import dev.safefs.op.Place;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.ProviderMismatchException;
import java.util.Optional;

/** Which file a channel was opened on, for {@link SafeFiles#pin(Channel)}. */
final class OpenedFile {
  /**
   * Those of all file systems, as a channel does not tell of which it is.
   *
   * <p>State that is static all the same: {@link SafeFiles#pin(Channel)} is given a channel and
   * nothing else. That is the JDK's own, which carries nothing of ours; one of ours around it would
   * lose what the JDK does among its own only, such as transfers within the kernel. Nor can each
   * provider keep its own, as those that a class loader found are not among the installed ones.
   */
  private static final InUse<Channel, OpenedFile> OPEN = new InUse<>(each -> !each.isOpen());

  private final SafePath path;
  private final Place place;
  private Optional<Stat> stat = Optional.empty();

  private OpenedFile(SafePath path) throws IOException {
    this.path = path;
    this.place = path.place();
  }

  /** Opens a channel, and remembers which file it is on. */
  static FileChannel open(SafePath path, OpenRequest request) throws IOException {
    OpenedFile opened = new OpenedFile(path);
    FileChannel channel =
        path.getFileSystem()
            .namespace()
            .keep(Opener.open(opened.place, request, stat -> opened.stat = Optional.of(stat)));
    synchronized (OPEN) {
      OPEN.put(channel, opened);
    }
    return channel;
  }

  /**
   * Pins what a channel is on.
   *
   * @throws ProviderMismatchException if it was not opened here
   * @throws ClosedChannelException if it is closed
   */
  static PinnedFile pin(Channel channel) throws IOException {
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
    OpenedFile opened;
    synchronized (OPEN) {
      opened = OPEN.get(channel);
    }
    if (opened == null || !(channel instanceof FileChannel file)) {
      throw new ProviderMismatchException("a channel that SafeFS has not opened itself");
    }
    PinnedFile pinned =
        new PinnedFile(opened.path, opened.place, Pin.of(opened.place, file, opened.stat));
    return opened.path.getFileSystem().namespace().keep(pinned);
  }
}

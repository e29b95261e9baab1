package dev.safefs.portable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * A provider with nothing but what a provider must have, as those of object stores and many of
 * tests are: byte channels, no links, no secure directory streams.
 */
final class BareProvider extends FilteringProvider {
  private final Kind kind;
  private final Filter filter;

  /** What its channels do. */
  enum Kind {
    /** They read and write a file at once. */
    COHERENT,
    /**
     * They read or write, from the beginning to the end, and what they wrote is there at their
     * close.
     */
    STREAMING
  }

  BareProvider(FileSystemProvider inner, Filter filter, Kind kind) {
    super(inner, filter);
    this.filter = filter;
    this.kind = kind;
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public AsynchronousFileChannel newAsynchronousFileChannel(
      Path path,
      Set<? extends OpenOption> options,
      ExecutorService executor,
      FileAttribute<?>... attributes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void createLink(Path link, Path existing) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path readSymbolicLink(Path link) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path dir, DirectoryStream.Filter<? super Path> accept) throws IOException {
    DirectoryStream<Path> stream = super.newDirectoryStream(dir, accept);
    return new DirectoryStream<>() {
      @Override
      public java.util.Iterator<Path> iterator() {
        return stream.iterator();
      }

      @Override
      public void close() throws IOException {
        stream.close();
      }
    };
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    filter.before("newByteChannel");
    filter.opens(options);
    boolean writes =
        options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
    if (kind == Kind.COHERENT || !writes) {
      return opened(new Through(raw(path, options, attributes)));
    }
    if (options.contains(StandardOpenOption.READ)) {
      throw new UnsupportedOperationException("reads or writes");
    }
    Set<OpenOption> there = new HashSet<>(options);
    there.remove(StandardOpenOption.CREATE);
    there.remove(StandardOpenOption.CREATE_NEW);
    boolean isThere = java.nio.file.Files.exists(path);
    if (isThere && options.contains(StandardOpenOption.CREATE_NEW)) {
      throw new java.nio.file.FileAlreadyExistsException(path.toString());
    }
    if (!isThere && there.equals(options)) {
      throw new java.nio.file.NoSuchFileException(path.toString());
    }
    return opened(new AtClose(path, attributes));
  }

  private SeekableByteChannel raw(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return path.getFileSystem().provider().newByteChannel(path, options, attributes);
  }

  private SeekableByteChannel opened(SeekableByteChannel channel) {
    open().add(channel);
    return channel;
  }

  /** Writes at once. */
  private final class Through implements SeekableByteChannel {
    private final SeekableByteChannel inner;

    Through(SeekableByteChannel inner) {
      this.inner = inner;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      filter.before("channel.read");
      return inner.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      filter.before("channel.write");
      return inner.write(source);
    }

    @Override
    public long position() throws IOException {
      return inner.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      inner.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      filter.before("channel.size");
      return inner.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      filter.before("channel.truncate");
      inner.truncate(size);
      return this;
    }

    @Override
    public boolean isOpen() {
      return inner.isOpen();
    }

    @Override
    public void close() throws IOException {
      if (open().remove(this)) {
        inner.close();
        filter.before("channel.close");
      }
    }
  }

  /** Writes when it is closed, if it was written to or has made the file. */
  private final class AtClose implements SeekableByteChannel {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Path path;
    private final FileAttribute<?>[] attributes;

    AtClose(Path path, FileAttribute<?>... attributes) {
      this.path = path;
      this.attributes = attributes;
    }

    @Override
    public int read(ByteBuffer target) {
      throw new java.nio.channels.NonReadableChannelException();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      filter.before("channel.write");
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      written.writeBytes(bytes);
      return bytes.length;
    }

    @Override
    public long position() {
      return written.size();
    }

    @Override
    public SeekableByteChannel position(long position) {
      throw new UnsupportedOperationException("written from the beginning to the end");
    }

    @Override
    public long size() {
      return written.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException("written from the beginning to the end");
    }

    @Override
    public boolean isOpen() {
      return open().contains(this);
    }

    @Override
    public void close() throws IOException {
      if (!open().remove(this)) {
        return;
      }
      filter.before("channel.close");
      Set<OpenOption> options =
          Set.of(
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING);
      try (SeekableByteChannel file = raw(path, options, attributes)) {
        file.write(ByteBuffer.wrap(written.toByteArray()));
      }
    }
  }
}

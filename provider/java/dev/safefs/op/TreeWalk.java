package dev.safefs.op;

import dev.safefs.handle.Dir;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Walks a tree, directories before their entries. Promise D2. Another thread may close it, between
 * two entries. What is read later than that throws: the entries that were seen are not the tree.
 */
public final class TreeWalk implements Iterator<TreeOps.TreeEntry>, Closeable, Abandonable {
  private final Dir root;
  private final DirStack stack;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Names.Budget budget = new Names.Budget();

  /** The relative path of the deepest directory, once for all levels. */
  private final StringBuilder path = new StringBuilder();

  private TreeOps.@Nullable TreeEntry next;
  private State state = State.OPEN;
  private volatile boolean over;

  private enum State {
    OPEN,
    CLOSED,
    ABANDONED
  }

  /**
   * One directory on the way down.
   *
   * @param prefixLength how much of the path its entries' relative paths begin with
   * @param names its entries that are not visited yet
   */
  private record Frame(int prefixLength, Names names) {}

  /**
   * Begins a walk.
   *
   * @param root owned
   */
  TreeWalk(Dir root) throws IOException {
    this.root = root;
    this.stack = new DirStack(root);
    frames.push(new Frame(0, Names.of(root, budget)));
  }

  /**
   * Returns all entries. The stream fails with an {@link UncheckedIOException}, and closes this.
   */
  public Stream<TreeOps.TreeEntry> stream() {
    int characteristics = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, characteristics), false)
        .onClose(this::closeUnchecked);
  }

  /**
   * Tells whether there is one more entry.
   *
   * @throws ClosedFileSystemException if the file system was closed before it was read
   * @throws IllegalStateException if this was
   */
  @Override
  public synchronized boolean hasNext() {
    if (next == null) {
      try {
        next = advance().orElse(null);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return next != null;
  }

  @Override
  public synchronized TreeOps.TreeEntry next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    TreeOps.TreeEntry entry = next;
    next = null;
    return entry;
  }

  private Optional<TreeOps.TreeEntry> advance() throws IOException {
    while (!frames.isEmpty()) {
      checkOpen();
      Frame frame = frames.getFirst();
      Optional<Name> named = frame.names().next();
      if (named.isEmpty()) {
        frames.pop();
        if (stack.depth() > 0) {
          stack.pop();
        }
        continue;
      }
      Name name = named.get();
      Optional<Stat> stat = stack.top().stat(name);
      if (stat.isEmpty()) {
        continue;
      }
      path.setLength(frame.prefixLength());
      String relative = path.append(name.text()).toString();
      if (stat.get().type() == FileType.DIRECTORY) {
        enter(name);
      }
      return Optional.of(new TreeOps.TreeEntry(relative, stat.get()));
    }
    return Optional.empty();
  }

  /** Goes down into a directory, unless it is none any more. */
  private void enter(Name name) throws IOException {
    try {
      stack.push(name);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return;
    }
    try {
      Names names = Names.of(stack.top(), budget);
      frames.push(new Frame(path.append('/').length(), names));
    } catch (NoSuchFileException e) {
      stack.pop();
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.close(stack::pop, e);
      throw e;
    }
  }

  private void checkOpen() {
    switch (state) {
      case OPEN -> {}
      case CLOSED -> throw new IllegalStateException("the walk is closed");
      case ABANDONED -> throw new ClosedFileSystemException();
    }
  }

  @Override
  public void abandon() throws IOException {
    end(State.ABANDONED);
  }

  @Override
  public void close() throws IOException {
    end(State.CLOSED);
  }

  private void closeUnchecked() {
    try {
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void end(State end) throws IOException {
    if (state == State.OPEN) {
      state = end;
      frames.forEach(frame -> frame.names().close());
      Cleanup.all(stack::close, root::close, () -> over = true);
    }
  }

  @Override
  public boolean isOver() {
    return over;
  }
}

package dev.safefs.op;

import dev.safefs.handle.Dir;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks a tree, directories before their entries. Promise D2. Not safe for use by several threads.
 */
final class TreeWalk implements Iterator<TreeOps.TreeEntry>, AutoCloseable {
  private final Dir root;
  private final DirStack stack;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Names.Budget budget = new Names.Budget();

  /** The relative path of the deepest directory, once for all levels. */
  private final StringBuilder path = new StringBuilder();

  private TreeOps.@Nullable TreeEntry next;

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

  @Override
  public boolean hasNext() {
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
  public TreeOps.TreeEntry next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    TreeOps.TreeEntry entry = next;
    next = null;
    return entry;
  }

  private Optional<TreeOps.TreeEntry> advance() throws IOException {
    while (!frames.isEmpty()) {
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
    } catch (IOException | RuntimeException e) {
      Cleanup.close(stack::pop, e);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    frames.forEach(frame -> frame.names().close());
    Cleanup.all(stack::close, root::close);
  }
}

package dev.safefs.op;

import dev.safefs.handle.Dir;
import dev.safefs.handle.Entry;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The names in a directory, for a way down a tree: most are read at once, so that no listing stays
 * open. One with a great many stays open, and they are read as they are asked for; below {@link
 * #MOST_OPEN} such directories all are read at once again. Promises D2 and R7.
 */
final class Names implements Closeable {
  private static final int AT_ONCE = 4096;
  private static final int MOST_OPEN = 8;

  private final Deque<Name> read = new ArrayDeque<>();
  private final Budget budget;
  private Optional<Listing> listing = Optional.empty();

  /** How many listings one operation holds open. */
  static final class Budget {
    private int open;
  }

  private Names(Budget budget) {
    this.budget = budget;
  }

  /**
   * Begins to read.
   *
   * @param dir the directory, not owned
   * @param budget of the operation
   * @return to be closed
   * @throws IOException if it cannot be read
   */
  static Names of(Dir dir, Budget budget) throws IOException {
    Names names = new Names(budget);
    try {
      names.listing = Optional.of(dir.list());
      budget.open++;
      names.fill(budget.open > MOST_OPEN ? Integer.MAX_VALUE : AT_ONCE);
      return names;
    } catch (IOException | RuntimeException | Error e) {
      names.close();
      throw e;
    }
  }

  /**
   * Returns the next name.
   *
   * @return empty at the end
   * @throws IOException if reading fails
   */
  Optional<Name> next() throws IOException {
    if (read.isEmpty()) {
      fill(AT_ONCE);
    }
    return Optional.ofNullable(read.poll());
  }

  private void fill(int most) throws IOException {
    while (listing.isPresent() && read.size() < most) {
      Optional<Entry> entry = listing.get().next();
      if (entry.isEmpty()) {
        close();
      } else {
        read.add(entry.get().name());
      }
    }
  }

  /** Lets go of the listing. What was read stays. */
  @Override
  public void close() {
    if (listing.isPresent()) {
      listing.get().close();
      listing = Optional.empty();
      budget.open--;
    }
  }
}

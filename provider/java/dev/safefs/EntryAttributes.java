package dev.safefs;

import dev.safefs.handle.Stat;
import dev.safefs.handle.StatAttributes;

/** What was seen of a file. */
record EntryAttributes(Stat stat) implements StatAttributes {

  @Override
  public String toString() {
    return stat.toString();
  }
}

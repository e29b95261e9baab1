package dev.safefs.op;

import dev.safefs.handle.Dir;
import dev.safefs.handle.Entry;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads all names of a directory at once, so that no listing stays open on the way down a tree. */
final class Names {

  private Names() {}

  static List<Name> of(Dir dir) throws IOException {
    List<Name> names = new ArrayList<>();
    try (Listing listing = dir.list()) {
      for (Optional<Entry> entry = listing.next(); entry.isPresent(); entry = listing.next()) {
        names.add(entry.get().name());
      }
    }
    return names;
  }
}

package dev.safefs.op;

import dev.safefs.handle.Capability;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The file that is about to be replaced.
 *
 * @param file it, not owned
 * @param stat its attributes
 * @param looked a moment before they were read
 */
record Predecessor(FileHandle file, Stat stat, Instant looked) {
  /** More than two ticks of the slowest clock that the kernel takes times from. */
  private static final Duration TICKS = Duration.ofMillis(100);

  /** The same for a file system that may keep whole seconds only. */
  private static final Duration SECONDS = Duration.ofSeconds(2);

  /** How long before a look the last change was. */
  private enum Age {
    RECENT,
    SETTLED
  }

  /** What has been seen of a file. */
  record Sighting(Stat stat, Age age) {

    /**
     * Tells whether a name still has the same file with the same attributes. The kernel sets the
     * time of last change whenever owner, mode, ACL or another attribute is set, and a file born
     * later under the same number has another. Two changes within one tick of its clock have the
     * same time: so the first look only counts if the last change was some ticks before it.
     */
    boolean isUnchanged(ParentRef at) throws IOException {
      if (age == Age.RECENT || !at.dir().capabilities().mayHave(Capability.CHANGE_TIME)) {
        return false;
      }
      Optional<Stat> now = at.dir().stat(at.name());
      return now.isPresent()
          && now.get().isSameFile(stat)
          && now.get().changed().equals(stat.changed());
    }
  }

  Sighting sighting() {
    Duration margin = stat.changed().getNano() == 0 ? SECONDS : TICKS;
    return new Sighting(
        stat, stat.changed().plus(margin).isBefore(looked) ? Age.SETTLED : Age.RECENT);
  }
}

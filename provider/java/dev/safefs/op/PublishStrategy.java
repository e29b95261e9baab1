package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.handle.Capability;
import dev.safefs.request.Replace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** How a pending file gets its name. */
enum PublishStrategy {
  /** An anonymous file is linked to its name. Exclusive, and nothing is left by a crash. */
  ANONYMOUS_LINK,
  /**
   * An anonymous file is linked to a staged name and renamed. A crash between both leaves the
   * staged name.
   */
  ANONYMOUS_LINK_RENAME,
  /** A staged file is renamed, exclusively if the kernel can. */
  STAGED_RENAME,
  /** A staged file is linked to its name, which is exclusive, and its staged name removed. */
  STAGED_LINK,
  /**
   * The name is taken by an empty file, and a staged file renamed over it. A reader may see the
   * empty file.
   */
  STAGED_CLAIM;

  /** Tells whether the file has no name until it is published. */
  boolean isAnonymous() {
    return this == ANONYMOUS_LINK || this == ANONYMOUS_LINK_RENAME;
  }

  /** Tells whether the pending file is to be one that has no name, if it can be. */
  static boolean beginsAnonymous(Predicate<Capability> mayHave) {
    return mayHave.test(Capability.ANONYMOUS_FILE) && mayHave.test(Capability.HARD_LINK);
  }

  /**
   * Chooses among the strategies.
   *
   * @param mayHave what the mount may have
   * @param replace whether the name is to be replaced; {@code EXCHANGE} is not known here
   * @param durability what is synced
   * @return all that may work, best first; the last one needs nothing but rename
   */
  static List<PublishStrategy> choose(
      Predicate<Capability> mayHave, Replace replace, Durability durability) {
    List<PublishStrategy> candidates = new ArrayList<>();
    if (beginsAnonymous(mayHave)) {
      addAnonymous(candidates, mayHave, replace, durability);
    }
    if (replace == Replace.REPLACE) {
      candidates.add(STAGED_RENAME);
      return candidates;
    }
    if (mayHave.test(Capability.RENAME_NO_REPLACE)) {
      candidates.add(STAGED_RENAME);
    }
    if (mayHave.test(Capability.HARD_LINK)) {
      candidates.add(STAGED_LINK);
    }
    candidates.add(STAGED_CLAIM);
    return candidates;
  }

  private static void addAnonymous(
      List<PublishStrategy> candidates,
      Predicate<Capability> mayHave,
      Replace replace,
      Durability durability) {
    if (replace != Replace.REPLACE
        && (durability == Durability.NONE || mayHave.test(Capability.SYNC_ANONYMOUS))) {
      candidates.add(ANONYMOUS_LINK);
    }
    if (replace == Replace.REPLACE || mayHave.test(Capability.RENAME_NO_REPLACE)) {
      candidates.add(ANONYMOUS_LINK_RENAME);
    }
  }
}

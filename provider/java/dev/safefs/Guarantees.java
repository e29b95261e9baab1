package dev.safefs;

import dev.safefs.handle.Capability;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.op.Place;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is promised for the files of a directory. Promise G1. Made by {@link
 * SafeFileSystem#guarantees}. As known at that moment: that something is missing on a mount is
 * found out by the first operation that needs it. Promises that every mount keeps are not listed.
 *
 * @param all one or more for each promise that is listed
 */
public record Guarantees(List<Guarantee> all) {

  /** How far a promise holds. */
  public enum State {
    /** It holds. */
    KEPT,
    /**
     * It cannot be kept against every race. One that breaks it is told, by an exception or a flight
     * recorder event, or what others see for an instant is named by the mechanism.
     */
    DETECTED,
    /** It does not hold; see {@link Strictness} for what happens then. */
    UNAVAILABLE
  }

  /**
   * One promise.
   *
   * @param promise its id in the contract
   * @param subject what it is about
   * @param state how far it holds
   * @param mechanism what keeps it, or what is missing
   */
  public record Guarantee(String promise, String subject, State state, String mechanism) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%-3s %-29s %-11s %s", promise, subject, state, mechanism);
    }
  }

  /** Copies the list, which has no null. */
  public Guarantees {
    all = List.copyOf(all);
  }

  /**
   * Returns the first guarantee of a promise. Some have several, as A1 and L4: {@link #all} has
   * each.
   *
   * @param promise its id, as {@code M1}
   * @return empty if none of that id is listed
   */
  public Optional<Guarantee> of(String promise) {
    return all.stream().filter(guarantee -> guarantee.promise().equals(promise)).findFirst();
  }

  /** Returns one line for each promise. */
  @Override
  public String toString() {
    return all.stream().map(Guarantee::toString).collect(Collectors.joining("\n"));
  }

  /** Returns what holds in a directory, or in that of a file. */
  static Guarantees of(Place place) throws IOException {
    try (Dir dir = dir(place)) {
      return new Table(dir, place).fill();
    }
  }

  private static Dir dir(Place place) throws IOException {
    try (FileHandle file = place.open(LinkMode.FOLLOW)) {
      if (file.stat().type() == FileType.DIRECTORY || !place.route().hasName()) {
        return place.anchor().openDir(place.route(), LinkMode.FOLLOW);
      }
    }
    ParentRef parent = place.anchor().parent(place.route());
    return parent.dir();
  }

  /** The table under construction. */
  private static final class Table {
    private static final String REOPENING = "procfs";
    private static final String QUARANTINE = "quarantine, identity";

    private final Dir dir;
    private final Place place;
    private final List<Guarantee> rows = new ArrayList<>();

    Table(Dir dir, Place place) {
      this.dir = dir;
      this.place = place;
    }

    Guarantees fill() {
      confinement();
      writing();
      names();
      row("A1", "attributes by handle", State.KEPT, "held descriptor");
      needed("A1", "extended attributes by handle", Capability.REOPEN, REOPENING);
      needed("H1", "content of what is held", Capability.REOPEN, REOPENING);
      row("H2", "delete and move what is held", State.DETECTED, QUARANTINE);
      row("S1", "secure directory streams", State.KEPT, "held descriptor");
      return new Guarantees(rows);
    }

    private void confinement() {
      if (!place.anchor().isConfining()) {
        row("R1", "beneath", State.UNAVAILABLE, "ambient file system, path not guarded");
      } else {
        either("R1", "beneath", Capability.RESOLVE_BENEATH, "openat2", "component walk");
      }
      if (place.config().mounts() == MountPolicy.STAY) {
        row("R3", "on one mount", State.KEPT, "mount ids; where there are none, refused");
      }
    }

    private void writing() {
      boolean isOnClose = place.config().publication() == Publication.PUBLISH_ON_CLOSE;
      if (!dir.capabilities().mayHave(Capability.REOPEN)) {
        row("W1", "whole writes", State.UNAVAILABLE, REOPENING);
      } else if (isOnClose) {
        either(
            "W1",
            "whole writes",
            Capability.ANONYMOUS_FILE,
            "O_TMPFILE, renameat",
            "named pending file, renameat");
      } else {
        row("W1", "whole writes", State.UNAVAILABLE, "publication=IN_PLACE");
      }
      switch (place.config().durability()) {
        case NONE -> row("W6", "durable content", State.UNAVAILABLE, "durability=NONE");
        case FILE -> row("W6", "durable content", State.KEPT, "fsync");
        case FILE_AND_NAME ->
            needed("W6", "durable content and name", Capability.SYNC_NAME, "fsync");
      }
    }

    private void names() {
      exclusiveMove();
      row("M2", "replacing move", State.KEPT, "renameat");
      needed("M5", "exchange", Capability.RENAME_EXCHANGE, "renameat2");
      needed("C1", "pinned copy source", Capability.REOPEN, "held descriptor, " + REOPENING);
      needed("C2", "whole copies", Capability.REOPEN, "pending file, " + REOPENING);
      either("C3", "cheap copies", Capability.REFLINK, "reflink", "copy_file_range or buffer");
      row("L1", "symbolic link replacement", State.KEPT, "staged, renameat");
      needed("L4", "hard link by handle", Capability.HARD_LINK, "linkat");
      optimistic();
      needed("L4", "hard link of a symbolic link", Capability.HARD_LINK, "linkat");
      row("D1", "delete if same", State.DETECTED, QUARANTINE);
      row("D2", "trees", State.KEPT, "held directories");
      either("T1", "anonymous files", Capability.ANONYMOUS_FILE, "O_TMPFILE", "unlinked at once");
    }

    private void exclusiveMove() {
      if (dir.capabilities().mayHave(Capability.RENAME_NO_REPLACE)) {
        String mechanism =
            dir.capabilities().mayHave(Capability.LOCAL)
                ? "renameat2"
                : "renameat2 if a probe shows it, else link";
        row("M1", "exclusive move", State.KEPT, mechanism);
      } else if (dir.capabilities().mayHave(Capability.HARD_LINK)) {
        row("M1", "exclusive move", State.KEPT, "link; directories: claim");
      } else {
        row("M1", "exclusive move", State.DETECTED, "claim: writers to it are noticed");
      }
    }

    private void optimistic() {
      boolean exchanges = dir.capabilities().mayHave(Capability.RENAME_EXCHANGE);
      State state = exchanges ? State.DETECTED : State.UNAVAILABLE;
      row("L2", "compare and swap", state, "renameat2, identity; a loser is seen for an instant");
    }

    private void either(
        String promise, String subject, Capability capability, String best, String fallback) {
      row(promise, subject, State.KEPT, dir.capabilities().mayHave(capability) ? best : fallback);
    }

    private void needed(String promise, String subject, Capability capability, String mechanism) {
      State state = dir.capabilities().mayHave(capability) ? State.KEPT : State.UNAVAILABLE;
      row(promise, subject, state, mechanism);
    }

    private void row(String promise, String subject, State state, String mechanism) {
      Guarantee guarantee = new Guarantee(promise, subject, state, mechanism);
      rows.add(EngineSelector.asHeld(place.anchor(), guarantee));
    }
  }
}

package dev.safefs.op;

import dev.safefs.handle.Dir;
import dev.safefs.handle.Name;

/**
 * Names of what is staged: unguessable, of one length, never derived from a target's name, and
 * recognisable, so that what a crash leaves can be swept.
 */
public final class TempNames {
  private static final String PREFIX = ".safefs-";
  private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int RANDOM_DIGITS = 26;
  private static final int LENGTH = PREFIX.length() + 1 + RANDOM_DIGITS;

  private TempNames() {}

  /** What a name stands for. The letter of each is part of its names. */
  enum Kind {
    /** A file that is about to be published. */
    FILE('f'),
    /** A symbolic or hard link that is about to be published. */
    LINK('l'),
    /** A directory that is about to be published. */
    TREE('t'),
    /** A private directory in which something is staged. */
    DIRECTORY('d'),
    /**
     * A private directory that holds a user's file under its own name, to be put back after a
     * crash.
     */
    QUARANTINE('q');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    private static boolean isLetter(char letter) {
      for (Kind kind : values()) {
        if (kind.letter == letter) {
          return true;
        }
      }
      return false;
    }
  }

  /** Tells whether a path leads through a name of the form that is given to what is staged. */
  static boolean isWithin(String path) {
    return path.startsWith(PREFIX) || path.contains("/" + PREFIX);
  }

  /** Returns a name for a directory that nobody can foresee: 130 random bits. */
  static Name fresh(Dir dir, Kind kind) {
    byte[] random = new byte[RANDOM_DIGITS];
    dir.capabilities().random(random);
    StringBuilder name = new StringBuilder(LENGTH).append(PREFIX).append(kind.letter);
    for (byte b : random) {
      name.append(DIGITS.charAt(b & 31));
    }
    return Name.of(name.toString());
  }

  /**
   * Tells whether a name is of the form that is given to what is staged.
   *
   * @param name any
   * @return whether it is
   */
  public static boolean isLeftover(Name name) {
    String text = name.text();
    if (text.length() != LENGTH
        || !text.startsWith(PREFIX)
        || !Kind.isLetter(text.charAt(PREFIX.length()))) {
      return false;
    }
    for (int i = PREFIX.length() + 1; i < LENGTH; i++) {
      if (DIGITS.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Tells whether a name is that of a tree about to be published. */
  static boolean isTree(Name name) {
    return isLeftover(name) && isKind(name, Kind.TREE);
  }

  /** Tells whether a leftover's name is of a kind. */
  static boolean isKind(Name leftover, Kind kind) {
    return leftover.text().charAt(PREFIX.length()) == kind.letter;
  }
}

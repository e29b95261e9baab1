package dev.safefs.portable;

import dev.safefs.handle.Anchor;
import dev.safefs.handle.Capability;
import java.util.Optional;

/**
 * How far a promise of the contract holds over a delegate, where that is not as far as over the
 * kernel. Read off the traits and capabilities that the algorithms use.
 *
 * @param level how far
 * @param mechanism what keeps it, or what is missing
 */
public record Promise(Level level, String mechanism) {

  /** How far a promise holds. */
  public enum Level {
    /** It holds. */
    KEPT,
    /** It cannot be kept against every race, but a broken one is told. */
    DETECTED,
    /** It does not hold. */
    UNAVAILABLE
  }

  /**
   * Returns how far a promise holds.
   *
   * @param anchor where
   * @param id of the contract, as {@code R1}
   * @param subject what it is about, where there are two of an id
   * @return empty if the anchor is of another engine, or the promise holds as there
   */
  public static Optional<Promise> of(Anchor anchor, String id, String subject) {
    return anchor instanceof DelegateAnchor delegate
        ? of(delegate.host(), delegate, id, subject)
        : Optional.empty();
  }

  private static Optional<Promise> of(Host host, DelegateAnchor anchor, String id, String subject) {
    return switch (id) {
      case "R1" -> anchor.isConfining() ? Optional.of(beneath(anchor.hold())) : Optional.empty();
      case "W1", "M2" -> Optional.of(replacement(host));
      case "W6" ->
          host.traits().contains(Trait.VOLATILE)
              ? Optional.of(unavailable("nothing outlives the machine"))
              : host.capabilities().mayHave(Capability.SYNC_CONTENT)
                  ? Optional.empty()
                  : Optional.of(unavailable(Gaps.Gap.NO_SYNC.reason()));
      case "M1" -> host.movesExclusively() ? Optional.of(kept("exclusive move")) : Optional.empty();
      case "A1", "C1", "D2", "H1", "S1" -> Optional.of(detected("keys compared before and after"));
      case "C2" -> Optional.of(kept("named pending file"));
      case "C3" -> Optional.of(kept("buffer"));
      case "L1" -> Optional.of(kept("staged link, one move"));
      case "L2", "M5" -> Optional.of(unavailable("java.nio.file exchanges no names"));
      case "T1" -> Optional.of(temporary(host));
      case "L4" -> Optional.of(link(host, subject));
      default -> Optional.empty();
    };
  }

  private static Promise link(Host host, String subject) {
    if (!host.capabilities().mayHave(Capability.HARD_LINK)) {
      return unavailable("no hard links");
    }
    return subject.contains("symbolic link") && !host.traits().contains(Trait.LINKS_TO_SYMLINKS)
        ? unavailable("a link of a symbolic link is one of what that leads to")
        : detected("link by path, keys compared");
  }

  private static Promise temporary(Host host) {
    return host.capabilities().mayHave(Capability.UNLINK_OPEN)
        ? kept("unlinked at once")
        : unavailable("named until its channel is closed, which removes it");
  }

  private static Promise beneath(Hold hold) {
    return hold == Hold.OPEN
        ? detected(
            "secure directory streams; directories, links and some attributes by path, keys compared")
        : detected("paths, keys compared before and after");
  }

  private static Promise replacement(Host host) {
    return host.gaps() == Gaps.REFUSED
        ? kept("named pending file, atomic move")
        : detected("named pending file, atomic move; with a gap where the delegate has none");
  }

  private static Promise kept(String mechanism) {
    return new Promise(Level.KEPT, mechanism);
  }

  private static Promise detected(String mechanism) {
    return new Promise(Level.DETECTED, mechanism);
  }

  private static Promise unavailable(String mechanism) {
    return new Promise(Level.UNAVAILABLE, mechanism);
  }
}

package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.SafeConfig;
import dev.safefs.SpecialFiles;
import dev.safefs.handle.CopyMonitor;
import dev.safefs.request.CopyFlag;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.Reflink;
import dev.safefs.request.Replace;
import java.io.InterruptedIOException;
import java.util.EnumSet;
import java.util.Set;

/**
 * How one object is copied.
 *
 * @param replace what happens to an existing target
 * @param traits all else
 * @param reflink whether blocks are shared
 * @param durability what is synced
 * @param config the settings that hold at the target
 * @param monitor told of progress
 */
record CopyPlan(
    Replace replace,
    Set<Trait> traits,
    Reflink reflink,
    Durability durability,
    SafeConfig config,
    CopyMonitor monitor) {

  /** What is a plain yes or no. */
  enum Trait {
    /** Owner, extended attributes, mode and times are copied. */
    ATTRIBUTES,
    /** A source that changed meanwhile fails the copy. */
    STABLE,
    /** The content of a device is read; else the device file is made again. */
    READ_DEVICES,
    /** Special files are refused. */
    REFUSE_SPECIAL,
    /** A socket is made again, which nobody listens at, as the JDK does when it moves one. */
    SOCKETS,
    /** A directory is never replaced, not even an empty one. */
    KEEP_DIRECTORIES,
    /** The target is not within the source, which is to be removed. */
    OUTSIDE
  }

  /** Makes the plan of a copy. */
  static CopyPlan of(CopyRequest request, Place source, Place target) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    if (request.flags().contains(CopyFlag.ATTRIBUTES)) {
      traits.add(Trait.ATTRIBUTES);
    }
    if (request.flags().contains(CopyFlag.VERIFY_STABLE)) {
      traits.add(Trait.STABLE);
    }
    if (request.links() == LinkMode.FOLLOW) {
      traits.add(
          source.config().specialFiles() == SpecialFiles.REFUSE
              ? Trait.REFUSE_SPECIAL
              : Trait.READ_DEVICES);
    }
    Durability durability =
        request.flags().contains(CopyFlag.DURABLE)
            ? Durability.FILE_AND_NAME
            : target.config().durability();
    return new CopyPlan(
        request.replace(), traits, reflink(request), durability, target.config(), monitor(request));
  }

  /** Makes the plan of the copy that a move to another file system begins with. */
  static CopyPlan of(MoveRequest request, Sides sides, Durability durability) {
    CopyMonitor monitor =
        request
            .listener()
            .<CopyMonitor>map(listener -> listener::progressed)
            .orElse(CopyMonitor.NONE);
    return new CopyPlan(
        request.replace(),
        EnumSet.of(Trait.ATTRIBUTES, Trait.STABLE, Trait.SOCKETS, Trait.OUTSIDE),
        Reflink.AUTO,
        durability,
        sides.config(),
        monitor);
  }

  /**
   * Makes the plan for the entries of a tree: nothing is replaced, special files are made again,
   * durable names come last.
   */
  CopyPlan each() {
    Set<Trait> kept = EnumSet.noneOf(Trait.class);
    kept.addAll(traits);
    kept.remove(Trait.READ_DEVICES);
    kept.remove(Trait.REFUSE_SPECIAL);
    Durability content = durability == Durability.NONE ? Durability.NONE : Durability.FILE;
    return new CopyPlan(Replace.NO_REPLACE, kept, reflink, content, config, monitor);
  }

  /** Makes the plan of a copy that stands for a hard link over the target, which replaces files. */
  CopyPlan likeLink() {
    Set<Trait> more = EnumSet.of(Trait.KEEP_DIRECTORIES);
    more.addAll(traits);
    return new CopyPlan(replace, more, reflink, durability, config, monitor);
  }

  /** Tells whether a trait was asked for. */
  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  private static Reflink reflink(CopyRequest request) {
    if (request.flags().contains(CopyFlag.NO_REFLINK)) {
      return Reflink.NEVER;
    }
    return request.flags().contains(CopyFlag.REFLINK_ONLY) ? Reflink.ONLY : Reflink.AUTO;
  }

  private static CopyMonitor monitor(CopyRequest request) {
    CopyMonitor told =
        request
            .listener()
            .<CopyMonitor>map(listener -> listener::progressed)
            .orElse(CopyMonitor.NONE);
    if (!request.flags().contains(CopyFlag.INTERRUPTIBLE)) {
      return told;
    }
    return (doneBytes, totalBytes) -> {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException(
            "copy interrupted after " + doneBytes + " of " + totalBytes + " bytes");
      }
      told.progressed(doneBytes, totalBytes);
    };
  }
}

package dev.safefs.request;

import dev.safefs.SafeCopyOption;
import java.nio.file.CopyOption;
import java.nio.file.StandardCopyOption;

/** The copy options that are a plain yes or no. */
public enum CopyFlag {
  /** Mode, owner, times and extended attributes are copied too. */
  ATTRIBUTES,
  /** An interrupt ends the copy, {@code ExtendedCopyOption.INTERRUPTIBLE}. */
  INTERRUPTIBLE,
  /** A source that changed meanwhile fails the copy. */
  VERIFY_STABLE,
  /** Content and name are synced. */
  DURABLE,
  /** Blocks are shared, or the copy fails. */
  REFLINK_ONLY,
  /** Blocks are never shared. */
  NO_REFLINK;

  static CopyFlag of(CopyOption option) {
    if (option == StandardCopyOption.COPY_ATTRIBUTES) {
      return ATTRIBUTES;
    }
    if (option instanceof SafeCopyOption.Flag flag) {
      return valueOf(flag.name());
    }
    if (option instanceof Enum<?> constant
        && constant.getDeclaringClass().getName().equals("com.sun.nio.file.ExtendedCopyOption")) {
      return INTERRUPTIBLE;
    }
    throw new UnsupportedOperationException(option + " not supported");
  }
}

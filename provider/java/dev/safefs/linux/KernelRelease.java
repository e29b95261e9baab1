package dev.safefs.linux;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What only the kernel's release tells: bugs, that no call shows before it is too late. */
final class KernelRelease {
  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");

  private KernelRelease() {}

  /** Tells whether copy_file_range can be trusted: not before Linux 5.3, see its man page. */
  static boolean copiesRanges() {
    return isAtLeast(System.getProperty("os.version", ""), 5, 3);
  }

  static boolean isAtLeast(String release, int major, int minor) {
    Matcher matcher = RELEASE.matcher(release);
    if (!matcher.matches()) {
      return false;
    }
    int first = Integer.parseInt(matcher.group(1));
    return first > major || (first == major && Integer.parseInt(matcher.group(2)) >= minor);
  }
}

package dev.safefs.portable;

import java.nio.file.InvalidPathException;
import java.util.Locale;
import java.util.Set;

/**
 * Names that Windows takes for something else: devices in every directory, streams of a file, and
 * names whose end it cuts off. Written from "Naming Files, Paths, and Namespaces" of the Windows
 * documentation. Not run on Windows.
 */
final class WindowsNames {
  private static final Set<String> DEVICES =
      Set.of("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$");
  private static final Set<String> NUMBERED_DEVICES = Set.of("COM", "LPT");
  private static final String DEVICE_DIGITS = "0123456789\u00b9\u00b2\u00b3";
  private static final String FORBIDDEN = "<>:\"|?*\\/";

  private WindowsNames() {}

  /**
   * Refuses such a name.
   *
   * @throws InvalidPathException saying why
   */
  static void check(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (FORBIDDEN.indexOf(text.charAt(i)) >= 0 || text.charAt(i) < ' ') {
        throw new InvalidPathException(text, "forbidden character", i);
      }
    }
    if (text.endsWith(" ") || (text.endsWith(".") && !text.equals(".") && !text.equals(".."))) {
      throw new InvalidPathException(text, "trailing dot or space", text.length() - 1);
    }
    if (isDevice(text)) {
      throw new InvalidPathException(text, "reserved name");
    }
  }

  private static boolean isDevice(String text) {
    int dot = text.indexOf('.');
    String stem =
        (dot < 0 ? text : text.substring(0, dot)).stripTrailing().toUpperCase(Locale.ROOT);
    return DEVICES.contains(stem)
        || (stem.length() == 4
            && NUMBERED_DEVICES.contains(stem.substring(0, 3))
            && DEVICE_DIGITS.indexOf(stem.charAt(3)) >= 0);
  }
}

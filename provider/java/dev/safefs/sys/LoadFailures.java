package dev.safefs.sys;

/** Words for the failures of loading a backend. */
final class LoadFailures {
  private LoadFailures() {}

  /**
   * Tells whether the JVM refused native access, which needs a flag, from Java 24 on if so
   * configured.
   */
  static boolean isNativeAccessDenied(Throwable failure) {
    // IllegalCallerException when it reaches us; jffi keeps only the text of what its loader got.
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof IllegalCallerException
          || String.valueOf(t.getMessage()).contains("IllegalCallerException")) {
        return true;
      }
    }
    return false;
  }

  /** Returns the flag that grants {@code module} native access. */
  static String enableNativeAccess(Module module) {
    return "--enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
  }

  /** Returns the first line of a message: those of jffi carry a whole stack trace. */
  static String summary(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).strip();
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}

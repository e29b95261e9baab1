package dev.safefs.race;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.function.BooleanSupplier;

/** How long a race is run. {@code -Dsafefs.race.milliseconds} changes it. */
final class Budget {
  private static final long MILLISECONDS = Long.getLong("safefs.race.milliseconds", 600);
  private static final int CONTROL_FACTOR = 20;
  private static final long LONG = 10_000;

  private Budget() {}

  /**
   * Tells whether the unprotected way is tried, too: not once more for each kernel, as it knows
   * nothing of them.
   */
  static boolean hasControls() {
    return System.getProperty("safefs.kernels") == null;
  }

  /** A step of a race that can be repeated. */
  interface Step {
    void run() throws Exception;
  }

  /** Repeats a step for the time of a race. */
  static void race(Step step) throws Exception {
    long end = System.nanoTime() + MILLISECONDS * 1_000_000;
    long rounds = 0;
    while (System.nanoTime() < end) {
      step.run();
      rounds++;
    }
    report("race", rounds);
  }

  /**
   * Repeats a step on the unprotected way until it has broken, for at most twenty times the time of
   * a race.
   */
  static void control(BooleanSupplier broken, Step step) throws Exception {
    long end = System.nanoTime() + CONTROL_FACTOR * MILLISECONDS * 1_000_000;
    long rounds = 0;
    while (!broken.getAsBoolean() && System.nanoTime() < end) {
      step.run();
      rounds++;
    }
    report("control", rounds);
  }

  /**
   * What lies between a look and an act. A program can be put to sleep there by the machine at any
   * time; here it is each time, so that a control need not wait for it.
   */
  static void gap() throws IOException {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  /** Says how much was tried, where a race is run to be believed. */
  private static void report(String what, long rounds) {
    if (MILLISECONDS >= LONG) {
      System.out.println(what + ": " + rounds + " rounds");
    }
  }
}

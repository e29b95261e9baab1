package demo;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One way in which the world interferes with a program.
 *
 * @param tried what the program was doing
 * @param broke what went wrong when it broke
 * @param scenario the program and its adversary
 */
record Attack(String tried, String broke, Scenario scenario) {

  /** Runs the program under attack until the time is over. */
  interface Scenario {
    /**
     * Runs it.
     *
     * @param stage where it runs
     * @return what was counted
     */
    Tally run(Stage stage) throws IOException, InterruptedException;
  }

  /**
   * Where a scenario runs.
   *
   * @param program the program, on the provider under test
   * @param inside the program's root, on the JDK's provider, for the adversary
   * @param outside a directory that is none of the program's business
   * @param sources this project's own source files, as input
   * @param budget ends the scenario
   */
  record Stage(OrdinaryProgram program, Path inside, Path outside, Path sources, Budget budget) {}

  /**
   * What was counted.
   *
   * @param attempts how often the program acted
   * @param breaks how often a promise was seen broken
   */
  record Tally(long attempts, long breaks) {}

  /** Ends a scenario, which begins when it is first asked about: what comes before is set up. */
  static final class Budget {
    private final long soft;
    private final long hard;
    private long began;

    private Budget(long soft, long hard) {
      this.soft = soft;
      this.hard = hard;
    }

    /** Returns a budget of so many milliseconds, and of so many where nothing broke yet. */
    static Budget of(long milliseconds, long atMost) {
      return new Budget(milliseconds * 1_000_000, atMost * 1_000_000);
    }

    boolean goesOn(long breaks) {
      if (began == 0) {
        began = System.nanoTime();
      }
      long spent = System.nanoTime() - began;
      return spent < soft || (breaks == 0 && spent < hard);
    }
  }
}

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

  /**
   * Ends a scenario.
   *
   * @param soft when it is over, in the terms of {@code System.nanoTime}
   * @param hard when it is over where nothing broke yet
   */
  record Budget(long soft, long hard) {

    /** Returns a budget of so many milliseconds, and of so many where nothing broke yet. */
    static Budget of(long milliseconds, long atMost) {
      long now = System.nanoTime();
      return new Budget(now + milliseconds * 1_000_000, now + atMost * 1_000_000);
    }

    boolean goesOn(long breaks) {
      long now = System.nanoTime();
      return now < soft || (breaks == 0 && now < hard);
    }
  }
}

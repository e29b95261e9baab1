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

  /** Ends a scenario: after its time, or, where nothing broke yet, after thrice that. */
  static final class Budget {
    private final long soft;
    private final long hard;

    Budget(long milliseconds) {
      this.soft = System.nanoTime() + milliseconds * 1_000_000;
      this.hard = System.nanoTime() + 3 * milliseconds * 1_000_000;
    }

    boolean goesOn(long breaks) {
      long now = System.nanoTime();
      return now < soft || (breaks == 0 && now < hard);
    }
  }
}

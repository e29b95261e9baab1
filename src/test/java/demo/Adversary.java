package demo;

import java.io.IOException;

/**
 * A thread that repeats a step until it is closed. A step that fails was lost to the other side,
 * and is tried again.
 */
public final class Adversary implements AutoCloseable {

  /** One step. */
  public interface Step {
    /** Does it. */
    void run() throws IOException, InterruptedException;
  }

  private final Thread thread;
  private volatile boolean over;

  /** Starts a thread. */
  public Adversary(Step step) {
    this(step, () -> {});
  }

  /** Starts a thread that tidies up in the end, and whenever a step failed. */
  public Adversary(Step step, Step tidy) {
    this.thread = new Thread(() -> loop(step, tidy), "adversary");
    thread.setDaemon(true);
    thread.start();
  }

  private void loop(Step step, Step tidy) {
    while (!over) {
      if (!attempt(step)) {
        attempt(tidy);
      }
    }
    attempt(tidy);
  }

  private static boolean attempt(Step step) {
    try {
      step.run();
      return true;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException {
    over = true;
    thread.join();
  }
}

package dev.safefs.op;

import java.io.IOException;

/** Carries what ends an operation on a tree past the handlers of what does not. */
final class StopException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient IOException failure;

  private StopException(IOException failure) {
    super(failure);
    this.failure = failure;
  }

  /** Does something whose failure ends the operation. */
  static void unless(Cleanup.Step step) throws StopException {
    try {
      step.take();
    } catch (StopException e) {
      throw e;
    } catch (IOException e) {
      throw new StopException(e);
    }
  }

  /** Returns what ends it. */
  IOException failure() {
    return failure;
  }
}

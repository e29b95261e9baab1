package dev.safefs.sys;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** Links the C library, then makes traps. {@link FfmBackend} knows this class by its name only. */
final class FfmTraps implements Supplier<Trap.Factory>, Trap.Factory {
  /** Creates it; nothing is linked yet. */
  FfmTraps() {}

  /**
   * Links the C library's {@code syscall}, and returns this.
   *
   * @throws IllegalCallerException if native access is denied
   */
  @Override
  public Trap.Factory get() {
    // The cheapest restricted method: a denial surfaces here, not as the failure of a static
    // initialiser.
    MemorySegment.NULL.reinterpret(1);
    FfmTrap.link();
    return this;
  }

  @Override
  public Trap newTrap(ByteBuffer memory) {
    return new FfmTrap(memory);
  }

  @Override
  public String toString() {
    return "ffm";
  }
}

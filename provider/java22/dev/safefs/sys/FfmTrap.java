package dev.safefs.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/** Enters the kernel over the Foreign Function and Memory API. */
final class FfmTrap implements Trap {
  private final ByteBuffer memory;
  private final MemorySegment callState;
  private final long address;

  private FfmTrap(ByteBuffer memory) {
    MemorySegment segment = MemorySegment.ofBuffer(memory);
    this.memory = memory;
    this.callState = segment.asSlice(0, Linker.Option.captureStateLayout());
    this.address = segment.address();
  }

  /**
   * Links the C library's {@code syscall}.
   *
   * @throws IllegalCallerException if native access is denied
   */
  static Trap.Factory link() {
    // The cheapest restricted method: a denial surfaces here, not as the failure of a static
    // initialiser.
    MemorySegment.NULL.reinterpret(1);
    Function.SYSCALL.type();
    return FfmTrap::new;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public long syscall5(int number, long a, long b, long c, long d, long e) {
    return syscall6(number, a, b, c, d, e, 0);
  }

  @Override
  public long syscall6(int number, long a, long b, long c, long d, long e, long f) {
    long result = invoke(callState, number, a, b, c, d, e, f);
    return result == -1 ? -memory.getInt(Function.ERRNO_AT) : result;
  }

  private static long invoke(
      MemorySegment callState, long number, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) Function.SYSCALL.invokeExact(callState, number, a, b, c, d, e, f);
    } catch (Throwable t) {
      throw new AssertionError("a downcall throws nothing", t);
    }
  }

  /** The C library's {@code syscall}: static, so that the JIT compiles a call into a plain one. */
  private static final class Function {
    static final int ERRNO_AT =
        (int) Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));
    static final MethodHandle SYSCALL = link(Linker.nativeLinker());

    private static MethodHandle link(Linker linker) {
      MemorySegment symbol =
          linker
              .defaultLookup()
              .find("syscall")
              .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no symbol 'syscall'"));
      FunctionDescriptor prototype =
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG);
      return linker.downcallHandle(
          symbol,
          prototype,
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));
    }
  }
}

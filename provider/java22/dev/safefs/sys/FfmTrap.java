package dev.safefs.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Enters the kernel over the Foreign Function and Memory API.
 *
 * <p>Of two ways to say something it takes the one that loads fewer classes of the JDK.
 */
final class FfmTrap implements Trap {
  /**
   * Where the captured errno lies: it is all that {@link Linker.Option#captureStateLayout} has on
   * Linux.
   */
  static final int ERRNO_AT = 0;

  // Static, so that the JIT compiles a call into a plain one.
  private static final MethodHandle SYSCALL = link(Linker.nativeLinker());

  private final ByteBuffer memory;
  private final MemorySegment callState;

  FfmTrap(ByteBuffer memory) {
    this.memory = memory;
    this.callState = MemorySegment.ofBuffer(memory);
  }

  /** Links the C library's {@code syscall}, unless that is done. */
  static void link() {
    SYSCALL.type();
  }

  /**
   * Links it as a function of seven longs. C declares it {@code long syscall(long, ...)}, and on
   * both CPUs longs are passed alike either way: AAPCS64 knows no difference, and the System V ABI
   * of AMD64 adds a number in {@code %al}, for functions that take floating point. Those of glibc
   * and musl write over it unread. To say that it is variadic is a sixth of what linking costs.
   */
  private static MethodHandle link(Linker linker) {
    Optional<MemorySegment> symbol = linker.defaultLookup().find("syscall");
    if (symbol.isEmpty()) {
      throw new UnsatisfiedLinkError("the C library has no symbol 'syscall'");
    }
    FunctionDescriptor prototype =
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    return linker.downcallHandle(symbol.get(), prototype, Linker.Option.captureCallState("errno"));
  }

  @Override
  public long address() {
    return callState.address();
  }

  @Override
  public long syscall5(int number, long a, long b, long c, long d, long e) {
    return syscall6(number, a, b, c, d, e, 0);
  }

  @Override
  public long syscall6(int number, long a, long b, long c, long d, long e, long f) {
    long result = invoke(callState, number, a, b, c, d, e, f);
    return result == -1 ? -memory.getInt(ERRNO_AT) : result;
  }

  private static long invoke(
      MemorySegment callState, long number, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) SYSCALL.invokeExact(callState, number, a, b, c, d, e, f);
    } catch (RuntimeException | Error failure) {
      // Of the JVM, such as a StackOverflowError, which its user may expect.
      throw failure;
    } catch (Throwable t) {
      throw new AssertionError("a downcall throws nothing", t);
    }
  }
}

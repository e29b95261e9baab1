package dev.safefs.sys;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.HeapInvocationBuffer;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Enters the kernel over jffi, the native part of JNR.
 *
 * <p>Not over jnr-ffi: it generates a class, in an unnamed module, that implements the caller's
 * interface, and an interface of a package that its module does not export is out of reach
 * (IllegalAccessError on the module path).
 */
final class JnrTrap implements Trap {
  private final Function function;
  private final long address;

  private JnrTrap(Function function, long address) {
    this.function = function;
    this.address = address;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public long syscall5(int number, long a, long b, long c, long d, long e) {
    Function f = function;
    return f.result(f.invoker.invokeN6(f.sixLongs, f.address, number, a, b, c, d, e));
  }

  // invokeN6 is jffi's longest fast path.
  @Override
  public long syscall6(int number, long a, long b, long c, long d, long e, long f) {
    HeapInvocationBuffer arguments = new HeapInvocationBuffer(function.sevenLongs);
    for (long argument : new long[] {number, a, b, c, d, e, f}) {
      arguments.putLong(argument);
    }
    return function.result(
        function.invoker.invokeLong(function.sevenLongs, function.address, arguments));
  }

  /** The C library's {@code syscall}, ready to be called. */
  static final class Function implements Trap.Factory {
    private final Invoker invoker = Invoker.getInstance();
    private final LastError lastError = LastError.getInstance();
    private final CallContext sixLongs = longs(6);
    private final CallContext sevenLongs = longs(7);
    private final long address = Library.getDefault().getSymbolAddress("syscall");

    /** Loads jffi's library; throws whatever linkage error that gives. */
    Function() {
      if (address == 0) {
        throw new UnsatisfiedLinkError("the C library has no symbol 'syscall'");
      }
    }

    @Override
    public Trap newTrap(ByteBuffer memory) {
      return new JnrTrap(this, MemoryIO.getInstance().getDirectBufferAddress(memory));
    }

    @Override
    public String toString() {
      return "jnr";
    }

    // jffi saves errno right after the call, for the calling thread.
    private long result(long value) {
      return value == -1 ? -lastError.get() : value;
    }

    private static CallContext longs(int count) {
      Type[] types = new Type[count];
      Arrays.fill(types, Type.SINT64);
      return new CallContext(Type.SINT64, types);
    }
  }
}

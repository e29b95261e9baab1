package dev.safefs.linux;

import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.ClosedFileSystemException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/**
 * An owned descriptor. Its number is only seen by a call that holds it: {@link #close} lets running
 * calls end, and the last of them gives the number back to the kernel, so that no call ever meets a
 * stranger under a reused number.
 */
final class Fd {
  private static final int CLOSED = 1 << 31;
  private static final int INTERRUPT_TRIES = 128;

  /** What a descriptor is for, which decides how a use after close fails. */
  enum Role {
    /** The working directory: no descriptor at all, never closed. */
    AMBIENT,
    /** The root of an anchor. */
    ROOT,
    /** Anything else. */
    OBJECT
  }

  /** Something done with a descriptor's number, which must not be kept. */
  @FunctionalInterface
  interface Use<T> {
    T on(int number) throws IOException;
  }

  private final Syscalls sys;
  private final int number;
  private final Role role;

  /**
   * How many calls hold the number, the owner counted as one; negative when the owner has closed
   * it.
   */
  private final AtomicInteger holders = new AtomicInteger(1);

  Fd(Syscalls sys, int number, Role role) {
    this.sys = sys;
    this.number = number;
    this.role = role;
  }

  /** Returns AT_FDCWD. */
  static Fd workingDirectory(Syscalls sys) {
    return new Fd(sys, Abi.AT_FDCWD, Role.AMBIENT);
  }

  boolean isWorkingDirectory() {
    return role == Role.AMBIENT;
  }

  /** Hands the number over to a new owner, of another role. This one is closed. */
  Fd as(Role newRole) {
    if (!holders.compareAndSet(1, CLOSED)) {
      throw new IllegalStateException("in use");
    }
    return new Fd(sys, number, newRole);
  }

  /** Makes a call that may be repeated when a signal interrupts it, a bounded number of times. */
  int call(IntUnaryOperator call) throws IOException {
    hold();
    try {
      int result = call.applyAsInt(number);
      for (int i = 1; result == -Errno.EINTR && i < INTERRUPT_TRIES; i++) {
        result = call.applyAsInt(number);
      }
      return result;
    } finally {
      release();
    }
  }

  /** Makes a call that must not be repeated: an interrupted one may have had its effect. */
  int once(IntUnaryOperator call) throws IOException {
    hold();
    try {
      return call.applyAsInt(number);
    } finally {
      release();
    }
  }

  /** As {@link #call}, for offsets and sizes. */
  long callLong(IntToLongFunction call) throws IOException {
    hold();
    try {
      long result = call.applyAsLong(number);
      for (int i = 1; result == -Errno.EINTR && i < INTERRUPT_TRIES; i++) {
        result = call.applyAsLong(number);
      }
      return result;
    } finally {
      release();
    }
  }

  /** Does something that may take several calls. */
  <T> T use(Use<T> use) throws IOException {
    hold();
    try {
      return use.on(number);
    } finally {
      release();
    }
  }

  /**
   * Closes the descriptor, or leaves that to the last call that holds it. Later calls do nothing.
   *
   * @return 0, or what close(2) returned
   */
  int close() {
    if (role == Role.AMBIENT) {
      return 0;
    }
    int seen;
    do {
      seen = holders.get();
      if (seen < 0) {
        return 0;
      }
    } while (!holders.compareAndSet(seen, seen | CLOSED));
    return release();
  }

  private void hold() throws IOException {
    int seen;
    do {
      seen = holders.get();
      if (seen < 0) {
        throw closed();
      }
    } while (!holders.compareAndSet(seen, seen + 1));
  }

  private int release() {
    return holders.decrementAndGet() == CLOSED ? sys.close(number) : 0;
  }

  private IOException closed() {
    if (role == Role.ROOT) {
      throw new ClosedFileSystemException();
    }
    return new ClosedChannelException();
  }
}

package dev.safefs.sys;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

/** What a decorator does around one system call. */
@FunctionalInterface
interface Interceptor {
  /** Answers the call {@code name}, by {@code real} or without it. */
  long intercept(String name, List<Object> args, Real real);

  /** Makes the real call. */
  @FunctionalInterface
  interface Real {
    /** Returns what the kernel returned. */
    long call();
  }

  /** Returns {@code delegate} with every call going through {@code interceptor}. */
  static Syscalls decorate(Syscalls delegate, Interceptor interceptor) {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (proxy, method, args) -> {
              Object[] arguments = args == null ? new Object[0] : args;
              if (method.getDeclaringClass() == Object.class) {
                return method.invoke(delegate, arguments);
              }
              Real real = () -> invoke(delegate, method, arguments);
              long result = interceptor.intercept(method.getName(), List.of(arguments), real);
              return method.getReturnType() == int.class ? (Object) (int) result : (Object) result;
            });
  }

  /**
   * Returns {@code name} if a system call has it, so that a misspelt one does not make a test pass.
   */
  static String requireCall(String name) {
    for (Method method : Syscalls.class.getMethods()) {
      if (method.getName().equals(name)) {
        return name;
      }
    }
    throw new IllegalArgumentException("no such system call: " + name);
  }

  private static long invoke(Syscalls delegate, Method method, Object[] arguments) {
    try {
      return ((Number) method.invoke(delegate, arguments)).longValue();
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw new AssertionError(e.getCause());
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}

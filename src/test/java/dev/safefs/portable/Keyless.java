package dev.safefs.portable;

import dev.safefs.LinkPolicy;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Hides the keys of files, and what times tell of them. */
final class Keyless implements FilteringProvider.Filter {
  private static final FileTime EPOCH = FileTime.fromMillis(0);
  private static final long TICKS_NANOSECONDS = 15_000_000;

  private final Times times;

  /** What is told of times. */
  enum Times {
    FINE,
    COARSE,
    /**
     * That of modification for that of creation, as the JDK's documentation allows. With it goes
     * that links are followed where a file is opened, as by sshd-sftp.
     */
    MODIFICATION;

    Object told(String name, Object value, FileTime modified) {
      if (this == COARSE && value instanceof FileTime) {
        return EPOCH;
      }
      return this == MODIFICATION && name.equals("creationTime") ? modified : value;
    }
  }

  private Keyless(Times times) {
    this.times = times;
  }

  /**
   * Returns a bench over a directory whose delegate has no keys. What is made in it is younger by
   * some ticks of the clock, which shows that the delegate knows times of creation.
   */
  static Bench over(Path root, Times times) throws IOException {
    LockSupport.parkNanos(TICKS_NANOSECONDS);
    return Bench.over(
        root,
        new FilteringProvider(root.getFileSystem().provider(), new Keyless(times)),
        LinkPolicy.BENEATH);
  }

  /** Returns such a delegate. */
  static Host host(Path root, Times times) {
    return Host.of(
        new FilteringProvider(root.getFileSystem().provider(), new Keyless(times)),
        root.getFileSystem(),
        Set.of(),
        Gaps.REFUSED);
  }

  @Override
  public void before(String call) {}

  @Override
  public void opens(Set<? extends OpenOption> options) {
    if (times == Times.MODIFICATION && options.contains(LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException("unsupported: " + LinkOption.NOFOLLOW_LINKS);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public <A> A attributes(A attributes) {
    if (attributes instanceof Map<?, ?> map) {
      return (A) told(map);
    }
    return attributes instanceof BasicFileAttributes basic ? (A) told(basic) : attributes;
  }

  private Map<Object, Object> told(Map<?, ?> attributes) {
    Map<Object, Object> told = new HashMap<>(attributes);
    told.replaceAll(
        (name, value) ->
            name.equals("fileKey")
                ? null
                : times.told((String) name, value, (FileTime) attributes.get("lastModifiedTime")));
    return told;
  }

  private Object told(BasicFileAttributes attributes) {
    Class<?> type =
        attributes instanceof PosixFileAttributes
            ? PosixFileAttributes.class
            : attributes instanceof DosFileAttributes
                ? DosFileAttributes.class
                : BasicFileAttributes.class;
    return Proxy.newProxyInstance(
        getClass().getClassLoader(),
        new Class<?>[] {type},
        (self, method, arguments) -> told(attributes, method, arguments));
  }

  private Object told(BasicFileAttributes attributes, Method method, Object[] arguments)
      throws Exception {
    return method.getName().equals("fileKey")
        ? null
        : times.told(
            method.getName(), method.invoke(attributes, arguments), attributes.lastModifiedTime());
  }
}

package dev.safefs.linux;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.PathEscapeException;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import java.io.IOException;
import java.nio.file.FileSystemException;

/**
 * Resolves beneath a root: by openat2(2), Linux 5.6, and where the kernel cannot or may not, by a
 * {@link Walker}.
 */
final class BeneathResolution implements Resolution {

  /**
   * With 32 tries 3 % of opens failed under a storm of renames, with 128 tries 0.1 %; after that
   * the walk does it.
   */
  private static final int TRIES = 128;

  private final Host host;
  private final Fd root;
  private final LinkPolicy links;
  private final MountPolicy mounts;
  private final long resolve;

  BeneathResolution(Host host, Fd root, LinkPolicy links, MountPolicy mounts) {
    this.host = host;
    this.root = root;
    this.links = links;
    this.mounts = mounts;
    this.resolve = resolve(links, mounts);
  }

  @Override
  public Fd open(String text, Goal goal, String display) throws IOException {
    byte[] path = CString.of(beneath(text));
    if (LongPath.isLong(path)) {
      return walk(text, goal, display);
    }
    for (int i = 0; i < TRIES; i++) {
      int result = openat2(path, goal.flags());
      if (result >= 0) {
        return host.own(result);
      }
      if (result != -Errno.EAGAIN) {
        return openAfter(result, text, goal, display);
      }
    }
    return walk(text, goal, display);
  }

  @Override
  public Resolution at(Fd dir) {
    return new BeneathResolution(host, dir.as(Fd.Role.ROOT), links, mounts);
  }

  @Override
  public Resolution viewOf(Fd dir) {
    LinkPolicy kept = links == LinkPolicy.IN_ROOT ? LinkPolicy.BENEATH : links;
    return new BeneathResolution(host, dir.as(Fd.Role.ROOT), kept, mounts);
  }

  @Override
  public Fd base() {
    return root;
  }

  @Override
  public MountPolicy mounts() {
    return mounts;
  }

  @Override
  public boolean isConfining() {
    return true;
  }

  Host host() {
    return host;
  }

  LinkPolicy links() {
    return links;
  }

  private Fd walk(String text, Goal goal, String display) throws IOException {
    return Walker.walk(this, text, goal, display).fd();
  }

  private Fd openAfter(int result, String text, Goal goal, String display) throws IOException {
    switch (-result) {
      case Errno.EXDEV -> throw escape("openat2", result, display);
      case Errno.ELOOP -> {
        if (links == LinkPolicy.REFUSE) {
          throw refusedLink("openat2", result, display);
        }
        // A loop, or a magic link, which is an escape: the walk tells them apart.
        return walk(text, goal, display);
      }
      case Errno.ENOSYS -> {
        return walk(text, goal, display);
      }
      case Errno.EPERM, Errno.EINVAL, Errno.E2BIG, Errno.EOPNOTSUPP -> {
        if (!isSupported()) {
          return walk(text, goal, display);
        }
        throw goal.exception("openat2", result, display);
      }
      default -> throw goal.exception("openat2", result, display);
    }
  }

  /**
   * The witness call: the root itself can be opened beneath the root wherever openat2 exists and is
   * allowed.
   */
  private boolean isSupported() throws IOException {
    int result = openat2(CString.DOT, Goal.PARENT.flags());
    if (result < 0) {
      return false;
    }
    host.own(result).close();
    return true;
  }

  private int openat2(byte[] path, int flags) throws IOException {
    return root.call(n -> host.sys().openat2(n, path, flags, 0, resolve));
  }

  /** Returns a text as it is read from the root. */
  static String beneath(String text) {
    int start = 0;
    while (start < text.length() && text.charAt(start) == '/') {
      start++;
    }
    return start == text.length() ? "." : text.substring(start);
  }

  static FileSystemException escape(String call, int result, String display) {
    return new PathEscapeException(
        display, null, Errnos.reason(call, result) + ": the path leads out of the root");
  }

  static FileSystemException refusedLink(String call, int result, String display) {
    return new PathEscapeException(
        display, null, Errnos.reason(call, result) + ": a symbolic link, and links are refused");
  }

  private static long resolve(LinkPolicy links, MountPolicy mounts) {
    long resolve = Abi.RESOLVE_NO_MAGICLINKS;
    resolve |=
        switch (links) {
          case BENEATH -> Abi.RESOLVE_BENEATH;
          case IN_ROOT -> Abi.RESOLVE_IN_ROOT;
          case REFUSE -> Abi.RESOLVE_BENEATH | Abi.RESOLVE_NO_SYMLINKS;
        };
    return mounts == MountPolicy.STAY ? resolve | Abi.RESOLVE_NO_XDEV : resolve;
  }
}

package dev.safefs.linux;

import dev.safefs.MountPolicy;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.util.List;

/**
 * Resolves as the kernel does for any program: relative texts from the base, absolute ones from the
 * machine's root.
 */
record AmbientResolution(Host host, Fd base) implements Resolution {

  @Override
  public Fd open(String text, Goal goal, String display) throws IOException {
    byte[] path = text.isEmpty() ? CString.DOT : CString.of(text);
    if (LongPath.isLong(path)) {
      return openPieces(LongPath.cut(path), goal, display);
    }
    return open(base, path, goal, display);
  }

  @Override
  public Resolution at(Fd dir) {
    return new AmbientResolution(host, dir.as(Fd.Role.ROOT));
  }

  @Override
  public Resolution viewOf(Fd dir) {
    return at(dir);
  }

  @Override
  public MountPolicy mounts() {
    return MountPolicy.CROSS;
  }

  @Override
  public boolean isConfining() {
    return false;
  }

  private Fd openPieces(List<byte[]> pieces, Goal goal, String display) throws IOException {
    int last = pieces.size() - 1;
    Fd dir = base;
    for (int i = 0; i < last; i++) {
      Fd next;
      try {
        next = open(dir, pieces.get(i), Goal.PARENT, display);
      } finally {
        if (dir != base) {
          dir.close();
        }
      }
      dir = next;
    }
    try {
      return open(dir, pieces.get(last), goal, display);
    } finally {
      if (dir != base) {
        dir.close();
      }
    }
  }

  private Fd open(Fd dir, byte[] path, Goal goal, String display) throws IOException {
    Syscalls sys = host.sys();
    int result = dir.call(n -> sys.openat(n, path, goal.flags(), 0));
    if (result < 0) {
      throw goal.exception("openat", result, display);
    }
    return host.own(result);
  }
}

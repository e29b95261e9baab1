package dev.safefs.linux;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.Engine;
import dev.safefs.handle.Route;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.spi.FileSystemProvider;

/**
 * The engine for Linux 4.11 and later: descriptors and {@code *at} calls; channels and views are
 * the delegate's.
 */
public final class LinuxEngine implements Engine {
  private final Host host;
  private final Resolution ambient;

  /**
   * Creates the engine. Makes no system call.
   *
   * @param sys the kernel
   * @param delegate the JDK's own default provider
   * @param delegateFileSystem its file system
   */
  public LinuxEngine(Syscalls sys, FileSystemProvider delegate, FileSystem delegateFileSystem) {
    ProcFd proc = new ProcFd(sys, delegate, delegateFileSystem);
    this.host =
        new Host(
            sys,
            proc,
            new MountCapabilities(),
            new Entropy(sys),
            new Principals(sys, delegateFileSystem));
    this.ambient = new AmbientResolution(host, Fd.workingDirectory(sys));
  }

  @Override
  public Anchor ambient() {
    return new FdAnchor(host, ambient);
  }

  @Override
  public Anchor confine(Route root, LinkPolicy links, MountPolicy mounts) throws IOException {
    Fd dir = ambient.open(root.text(), Goal.DIRECTORY, root.display());
    return new FdAnchor(host, new BeneathResolution(host, dir.as(Fd.Role.ROOT), links, mounts));
  }
}

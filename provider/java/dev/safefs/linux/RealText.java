package dev.safefs.linux;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.PathEscapeException;
import dev.safefs.handle.ByteText;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Identity;
import dev.safefs.handle.Route;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Finds out where an open object is. The kernel's answer is a text, which a rename makes old, and
 * which a name may imitate: one that ends in " (deleted)". So it is resolved again, without links,
 * and believed if it leads to the same object.
 */
final class RealText {
  private static final int TRIES = 64;

  private final Host host;
  private final Resolution resolution;
  private final Route route;
  private Optional<FileSystemException> lastFailure = Optional.empty();

  RealText(Host host, Resolution resolution, Route route) {
    this.host = host;
    this.resolution = resolution;
    this.route = route;
  }

  String of(Fd file) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      Optional<String> text = attempt(file);
      if (text.isPresent()) {
        return text.get();
      }
    }
    if (Structs.statxNlink(statx(file)) == 0) {
      throw new NoSuchFileException(route.display());
    }
    throw lastFailure.orElseGet(this::lost);
  }

  private FileSystemException lost() {
    return resolution.isConfining()
        ? new PathEscapeException(route.display(), null, "no longer beneath the root")
        : new NoSuchFileException(route.display());
  }

  private Optional<String> attempt(Fd file) throws IOException {
    Optional<String> machineText = machineText(file);
    if (machineText.isEmpty()) {
      return walked(file);
    }
    Optional<String> text = resolution.isConfining() ? beneath(machineText.get()) : machineText;
    return text.isPresent() && leadsTo(file, text.get()) ? text : Optional.empty();
  }

  /** Returns the part of a machine's path that is beneath the root. */
  private Optional<String> beneath(String text) throws IOException {
    Optional<String> root = machineText(resolution.base());
    if (root.isEmpty()) {
      return Optional.empty();
    }
    String prefix = root.get().equals("/") ? "" : root.get();
    if (text.equals(root.get())) {
      return Optional.of("/");
    }
    return text.startsWith(prefix + "/")
        ? Optional.of(text.substring(prefix.length()))
        : Optional.empty();
  }

  private boolean leadsTo(Fd file, String text) throws IOException {
    Fd found;
    try {
      found = resolution.open(text, Goal.OBJECT_ITSELF, route.display());
      lastFailure = Optional.empty();
    } catch (NoSuchFileException | PathEscapeException e) {
      return false;
    } catch (FileSystemException e) {
      // Perhaps a directory that another took the place of meanwhile, perhaps for good.
      lastFailure = Optional.of(e);
      return false;
    }
    try {
      return identity(found).equals(identity(file));
    } finally {
      found.close();
    }
  }

  /** Walks the route again, where the kernel gives no text: without procfs, or for a long one. */
  private Optional<String> walked(Fd file) throws IOException {
    if (resolution instanceof BeneathResolution beneath) {
      return walked(beneath, route.text(), file);
    }
    Fd machine = resolution.open("/", Goal.PARENT, route.display());
    try {
      BeneathResolution all =
          new BeneathResolution(host, machine, LinkPolicy.IN_ROOT, MountPolicy.CROSS);
      return walked(all, absolute(), file);
    } finally {
      machine.close();
    }
  }

  private Optional<String> walked(BeneathResolution beneath, String text, Fd file)
      throws IOException {
    boolean isLink = StatxReader.type(statx(file)) == FileType.SYMLINK;
    Goal goal = isLink ? Goal.OBJECT_ITSELF : Goal.OBJECT;
    Walker.Found found = Walker.walk(beneath, text, goal, route.display());
    try {
      return identity(found.fd()).equals(identity(file))
          ? Optional.of(found.text())
          : Optional.empty();
    } finally {
      found.fd().close();
    }
  }

  /** Returns the route's text as seen from the machine's root. */
  private String absolute() throws IOException {
    if (route.text().startsWith("/")) {
      return route.text();
    }
    Fd start = resolution.open("", Goal.PARENT, route.display());
    try {
      return machineText(start).orElseThrow(this::untraceable) + "/" + route.text();
    } finally {
      start.close();
    }
  }

  private IOException untraceable() {
    return new GuaranteeUnavailableException(
        route.display(), null, "H1: without procfs the working directory has no path");
  }

  /** Returns the kernel's text of an open object, or nothing if it gives none. */
  private Optional<String> machineText(Fd file) throws IOException {
    if (!host.proc().isAvailable()) {
      return Optional.empty();
    }
    byte[] text = new byte[Abi.PATH_MAX];
    int length =
        host.proc().path(file, route.display(), p -> host.sys().readlinkat(Abi.AT_FDCWD, p, text));
    if (length == -Errno.ENAMETOOLONG || length == text.length) {
      return Optional.empty();
    }
    if (length < 0) {
      throw Errnos.exception("readlinkat", length, route.display());
    }
    return Optional.of(ByteText.decode(text, 0, length));
  }

  private Identity identity(Fd file) throws IOException {
    return StatxReader.identity(statx(file));
  }

  private byte[] statx(Fd file) throws IOException {
    return StatxReader.require(host.sys(), file, route.display());
  }
}

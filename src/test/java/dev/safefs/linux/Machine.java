package dev.safefs.linux;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Name;
import dev.safefs.handle.Route;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import dev.safefs.sys.SyscallsLoader;
import dev.safefs.sys.SyscallsUnavailableException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The machine the tests run on, and shorthands. */
final class Machine {
  private static final FileSystem JDK = FileSystems.getDefault();

  private Machine() {}

  /** The kernel. Loaded once: each backend keeps native memory. */
  static Syscalls kernel() {
    return Loaded.SYS;
  }

  private static final class Loaded {
    static final Syscalls SYS = load();

    private static Syscalls load() {
      try {
        return SyscallsLoader.load();
      } catch (SyscallsUnavailableException e) {
        throw new AssertionError(e);
      }
    }
  }

  static LinuxEngine engine() {
    return engine(kernel());
  }

  static LinuxEngine engine(Syscalls sys) {
    return new LinuxEngine(sys, JDK.provider(), JDK);
  }

  static Host host(Syscalls sys) {
    return new Host(
        sys,
        new ProcFd(sys, JDK.provider(), JDK),
        new MountCapabilities(),
        new Entropy(sys),
        new Principals(sys, JDK));
  }

  static Anchor confine(LinuxEngine engine, Path root) throws IOException {
    return engine.confine(route(root), LinkPolicy.BENEATH, MountPolicy.CROSS);
  }

  /** Opens a directory of the machine. */
  static Dir dir(Path path) throws IOException {
    return engine().ambient().openDir(route(path), LinkMode.FOLLOW);
  }

  /** Opens an object of the machine, a link itself. */
  static FileHandle handle(Path path) throws IOException {
    return engine().ambient().open(route(path), LinkMode.NOFOLLOW);
  }

  static Route route(Path path) {
    return route(path.toString());
  }

  static Route route(String text) {
    return new Route(text, text);
  }

  static Name name(String text) {
    return Name.of(text);
  }

  static Path fifo(Path path) throws IOException {
    run("mkfifo", path.toString());
    return path;
  }

  /** Runs a command that must succeed. */
  static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("failed: " + String.join(" ", command));
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Returns a kernel that fails a call when its arguments are such. */
  static Syscalls failing(int errno, String call, Predicate<Object[]> when) {
    Syscalls real = kernel();
    return (Syscalls)
        Proxy.newProxyInstance(
            Machine.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (proxy, method, args) -> {
              if (!method.getName().equals(call) || !when.test(args)) {
                return method.invoke(real, args);
              }
              return method.getReturnType() == int.class
                  ? (Object) (-errno)
                  : (Object) (long) -errno;
            });
  }

  /** Returns a kernel without procfs. */
  static Syscalls withoutProcfs() {
    return failing(
        Errno.ENOENT,
        "openat",
        args -> new String((byte[]) args[1], StandardCharsets.UTF_8).startsWith("/proc/self/fd"));
  }

  /** Returns this process's descriptors, but for those the JVM opens for itself when it likes. */
  static Set<String> descriptors() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path each : all.toList()) {
        describe(each).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<String> describe(Path descriptor) throws IOException {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      boolean ofJvm =
          !target.startsWith("/")
              || target.endsWith(".jar")
              || target.startsWith("/dev/")
              || target.startsWith("/sys/")
              || target.startsWith(System.getProperty("java.home"))
              || target.equals("/proc/" + ProcessHandle.current().pid() + "/fd");
      return ofJvm ? Optional.empty() : Optional.of(descriptor.getFileName() + " " + target);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  static boolean isRoot() {
    return kernel().geteuid() == 0;
  }
}

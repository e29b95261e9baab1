package dev.safefs.contract;

import dev.safefs.JdkPaths;
import dev.safefs.PlayedProvider;
import dev.safefs.PortableProvider;
import dev.safefs.Strictness;
import dev.safefs.kernel.Kernel;
import dev.safefs.portable.Ground;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A row of the matrix: one way in which a program gets to SafeFS. Each contract class runs on each
 * row.
 */
public enum Row {
  /** Paths of {@code safe:///}. */
  AMBIENT {
    @Override
    public Mounted mount(Path hostRoot) {
      return new Mounted(Path.of(URI.create("safe://" + hostRoot.toUri().getRawPath())), () -> {});
    }
  },
  /** Paths of a file system confined to the directory. */
  CONFINED {
    @Override
    public Mounted mount(Path hostRoot) throws IOException {
      FileSystem safe =
          FileSystems.newFileSystem(
              URI.create("safe://" + hostRoot.toUri().getRawPath()), Map.of());
      return new Mounted(safe.getPath("/"), safe);
    }
  },
  /** Paths of the default file system, where SafeFS is the default provider. */
  INSTALLED {
    @Override
    public Mounted mount(Path hostRoot) {
      return new Mounted(Path.of(hostRoot.toString()), () -> {});
    }
  },
  /**
   * Confined, where a promise that the file system of the directory cannot keep is let go, as when
   * installed.
   */
  CONFINED_BEST_EFFORT {
    @Override
    public Mounted mount(Path hostRoot) throws IOException {
      Map<String, ?> env = Map.of("strictness", Strictness.BEST_EFFORT);
      FileSystem safe =
          FileSystems.newFileSystem(URI.create("safe://" + hostRoot.toUri().getRawPath()), env);
      return new Mounted(safe.getPath("/"), safe);
    }
  },
  /** Confined, on this kernel, by a provider of its own. */
  CONFINED_WHOLE(Kernel.WHOLE),
  /** Confined, on a kernel of the oldest kind that is supported. */
  CONFINED_OLD(Kernel.OLD),
  /** The same behind a filter without statx. */
  CONFINED_OLDEST(Kernel.OLDEST),
  CONFINED_OPENAT2_MISSING(Kernel.OPENAT2_MISSING),
  CONFINED_OPENAT2_FORBIDDEN(Kernel.OPENAT2_FORBIDDEN),
  CONFINED_OPENAT2_MISSING_LATER(Kernel.OPENAT2_MISSING_AFTER_100_CALLS),
  CONFINED_OPENAT2_FORBIDDEN_LATER(Kernel.OPENAT2_FORBIDDEN_AFTER_100_CALLS),
  CONFINED_OPENAT2_BUSY(Kernel.OPENAT2_ALWAYS_BUSY),
  CONFINED_RENAMEAT2_MISSING(Kernel.RENAMEAT2_MISSING),
  CONFINED_RENAMEAT2_FORBIDDEN(Kernel.RENAMEAT2_FORBIDDEN),
  CONFINED_RENAMEAT2_WITHOUT_FLAGS(Kernel.RENAMEAT2_WITHOUT_FLAGS),
  CONFINED_RENAMEAT2_FORBIDDEN_LATER(Kernel.RENAMEAT2_FORBIDDEN_AFTER_100_CALLS),
  CONFINED_RENAMEAT2_MISSING_LATER(Kernel.RENAMEAT2_MISSING_AFTER_100_CALLS),
  CONFINED_TMPFILE_UNSUPPORTED_LATER(Kernel.TMPFILE_UNSUPPORTED_AFTER_100_CALLS),
  CONFINED_COPY_FILE_RANGE_FORBIDDEN_LATER(Kernel.COPY_FILE_RANGE_FORBIDDEN_AFTER_100_CALLS),
  CONFINED_TMPFILE_UNSUPPORTED(Kernel.TMPFILE_UNSUPPORTED),
  CONFINED_TMPFILE_UNKNOWN(Kernel.TMPFILE_UNKNOWN),
  CONFINED_COPY_FILE_RANGE_MISSING(Kernel.COPY_FILE_RANGE_MISSING),
  CONFINED_COPY_FILE_RANGE_FORBIDDEN(Kernel.COPY_FILE_RANGE_FORBIDDEN),
  CONFINED_LINKAT_OF_DESCRIPTORS_FORBIDDEN(Kernel.LINKAT_OF_DESCRIPTORS_FORBIDDEN),
  CONFINED_FACCESSAT2_MISSING(Kernel.FACCESSAT2_MISSING),
  CONFINED_FACCESSAT2_FORBIDDEN(Kernel.FACCESSAT2_FORBIDDEN),
  CONFINED_FCHMODAT2_MISSING(Kernel.FCHMODAT2_MISSING),
  CONFINED_FCHMODAT2_FORBIDDEN(Kernel.FCHMODAT2_FORBIDDEN),
  CONFINED_STATX_MISSING(Kernel.STATX_MISSING),
  CONFINED_STATX_FORBIDDEN(Kernel.STATX_FORBIDDEN),
  CONFINED_STATX_MISSING_LATER(Kernel.STATX_MISSING_AFTER_100_CALLS),
  CONFINED_STATX_FORBIDDEN_LATER(Kernel.STATX_FORBIDDEN_AFTER_100_CALLS),
  CONFINED_PROC_MISSING(Kernel.PROC_MISSING),
  CONFINED_PROC_OVERMOUNTED(Kernel.PROC_OVERMOUNTED),
  CONFINED_PROC_MISSING_LATER(Kernel.PROC_MISSING_AFTER_100_CALLS),

  /** Confined by the portable engine, in memory. */
  PORTABLE_JIMFS_UNIX(Ground.JIMFS_UNIX),
  PORTABLE_JIMFS_POSIX(Ground.JIMFS_POSIX),
  PORTABLE_JIMFS_OSX(Ground.JIMFS_OSX),
  PORTABLE_JIMFS_WINDOWS(Ground.JIMFS_WINDOWS),
  PORTABLE_MEMORY_LINUX(Ground.MEMORY_LINUX),
  PORTABLE_MEMORY_WINDOWS(Ground.MEMORY_WINDOWS),
  /** Confined by the portable engine, over the JDK's provider. */
  PORTABLE_JDK(Ground.JDK),
  /** Paths of a default file system, where the engine of this machine cannot be loaded. */
  PORTABLE_JDK_AMBIENT(Ground.JDK) {
    @Override
    public Mounted mount(Path hostRoot) {
      return new Mounted(PortableProvider.ambient(hostRoot), () -> {});
    }
  };

  /** A prime, so that over the tests each name and each option has its turn. */
  private static final int SAMPLE = 61;

  private static final Map<Row, Path> WHOLE_MACHINE = new ConcurrentHashMap<>();

  /** For each mount one of its own, so that what comes later comes in the midst of each test. */
  private final Supplier<FileSystemProvider> played;

  private final Map<String, String> env;

  private final Optional<Ground> ground;

  Row() {
    this.played = null;
    this.env = Map.of();
    this.ground = Optional.empty();
  }

  /** What a delegate cannot is done as the JDK does it: that is what is compared with. */
  Row(Ground ground) {
    this.played = () -> PortableProvider.INSTANCE;
    this.env = Map.of("strictness", "BEST_EFFORT");
    this.ground = Optional.of(ground);
  }

  /** Where names cannot be exchanged, what needs that is done as the JDK does it, if asked to. */
  Row(Kernel kernel) {
    this.ground = Optional.empty();
    this.played = () -> PlayedProvider.over(kernel::over);
    this.env =
        kernel.name().startsWith("RENAMEAT2") ? Map.of("strictness", "BEST_EFFORT") : Map.of();
  }

  /**
   * Returns the rows that this virtual machine has. Of the kernels that lack something only the one
   * that lacks most is tried in every build, the others with {@code -Dsafefs.kernels=all}, or those
   * whose names hold that text; {@code -Dsafefs.rows} is a pattern of names, for one at a time.
   */
  static List<Row> here() {
    String rows = System.getProperty("safefs.rows");
    if (rows != null) {
      return Arrays.stream(values()).filter(row -> row.name().matches(rows)).toList();
    }
    if (JdkPaths.isInstalled()) {
      return List.of(INSTALLED);
    }
    String kernels = System.getProperty("safefs.kernels");
    return kernels == null
        ? Arrays.stream(values()).filter(row -> row.isOfEveryBuild()).toList()
        : Arrays.stream(values())
            .filter(
                row -> row.isOfKernel() && (kernels.equals("all") || row.name().contains(kernels)))
            .toList();
  }

  private boolean isOfKernel() {
    return played != null && ground.isEmpty();
  }

  private boolean isOfEveryBuild() {
    return this == AMBIENT || this == CONFINED || this == CONFINED_OLD || ground.isPresent();
  }

  /**
   * Returns one in how many outcomes is compared: all, but over other providers only a sample in a
   * newcomer's build, and all with {@code -Dsafefs.portable.step=1}.
   */
  int step() {
    return ground.isPresent() ? Integer.getInteger("safefs.portable.step", SAMPLE) : 1;
  }

  /** Makes a directory on what this row lies over. */
  Room room() throws IOException {
    return ground.isPresent() ? Room.on(ground.get()) : Room.ofMachine();
  }

  /**
   * Returns the rows that races are run on: one in every build, with {@code -Dsafefs.kernels} as
   * above those it names, but for where there is no content to race for.
   */
  static List<Row> ofRaces() {
    return System.getProperty("safefs.kernels") == null
        ? List.of(AMBIENT)
        : here().stream().filter(row -> !row.mayRefuseContent()).toList();
  }

  /**
   * Returns the path of the same file as this row's programs see it. What is opened for it stays
   * open.
   *
   * @param path on the JDK's provider
   */
  public Path seen(Path path) throws IOException {
    Path host = JdkPaths.of(path).toAbsolutePath();
    Path root = WHOLE_MACHINE.get(this);
    if (root == null) {
      root = mount(host.getRoot()).root();
      WHOLE_MACHINE.put(this, root);
    }
    return root.resolve(host.getRoot().relativize(host).toString());
  }

  /** Tells whether names cannot be exchanged here. */
  public boolean lacksExchange() {
    return name().contains("RENAMEAT2");
  }

  /**
   * Tells whether open files cannot be opened again, so that what needs their content may be
   * refused by name, with nothing changed. Promise G2.
   */
  boolean mayRefuseContent() {
    return name().startsWith("CONFINED_PROC");
  }

  /**
   * Returns a directory as this row's programs see it.
   *
   * @param hostRoot the directory, on what this row lies over
   */
  public Mounted mount(Path hostRoot) throws IOException {
    FileSystem safe = played.get().newFileSystem(hostRoot, env);
    return new Mounted(safe.getRootDirectories().iterator().next(), safe);
  }

  /**
   * A directory as a program sees it.
   *
   * @param root its path on SafeFS
   * @param lease closes what was opened for it
   */
  public record Mounted(Path root, AutoCloseable lease) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try {
        lease.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}

package dev.safefs;

import dev.safefs.linux.LinuxEngine;
import dev.safefs.sys.Syscalls;
import dev.safefs.sys.SyscallsLoader;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes providers of the scheme {@code safe} over system calls that a test plays. */
public final class PlayedProvider {
  private PlayedProvider() {}

  /**
   * Returns a provider of its own.
   *
   * @param play decorates the kernel's calls; called once, when the engine is needed
   * @return the provider, over the JDK's
   */
  public static FileSystemProvider over(UnaryOperator<Syscalls> play) {
    Delegate delegate = delegate(play);
    return new SafeFileSystemProvider(() -> delegate);
  }

  /**
   * Returns an ambient file system that guards directories.
   *
   * @param play as above
   * @param guarded the directories
   * @return the file system
   */
  public static FileSystem guarding(UnaryOperator<Syscalls> play, Path... guarded) {
    Delegate delegate = delegate(play);
    SafeConfig config =
        SafeConfig.ambient()
            .with(
                Map.of(
                    "guard",
                    Arrays.stream(guarded).map(Path::toString).toList(),
                    "durability",
                    "NONE"));
    return new SafeFileSystem(
        new SafeFileSystemProvider(() -> delegate),
        delegate,
        new AmbientNamespace(delegate, config));
  }

  private static Delegate delegate(UnaryOperator<Syscalls> play) {
    FileSystemProvider jdk = JdkPaths.of(Path.of("")).getFileSystem().provider();
    EngineSelector engines =
        new EngineSelector(
            (delegate, fileSystem) ->
                new LinuxEngine(play.apply(SyscallsLoader.load()), delegate, fileSystem));
    return Delegate.of(jdk, engines);
  }
}

package dev.safefs.portable;

import dev.safefs.Guarantees;
import dev.safefs.JdkPaths;
import dev.safefs.PortableProvider;
import dev.safefs.SafeConfig;
import dev.safefs.SafeFileSystem;
import dev.safefs.SafeFileSystems;
import dev.safefs.Strictness;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;

/** What file systems over a ground answer when their guarantees are asked for. */
final class Answers {
  static final SafeConfig BEST_EFFORT =
      SafeConfig.confined().with("strictness", Strictness.BEST_EFFORT);

  private Answers() {}

  static List<Guarantees.Guarantee> of(Ground ground) throws IOException {
    Path root = ground.open();
    try (FileSystem safe = over(root)) {
      return of(safe);
    } finally {
      ground.discard(root);
    }
  }

  static List<Guarantees.Guarantee> of(FileSystem safe) throws IOException {
    Path root = safe.getRootDirectories().iterator().next();
    return ((SafeFileSystem) safe).guarantees(root).all();
  }

  /** Returns how far the first guarantee of an id holds. */
  static Guarantees.State of(Ground ground, String promise) throws IOException {
    return new Guarantees(of(ground)).of(promise).orElseThrow().state();
  }

  /** The machine's directories are served by its own engine, unless another provider is asked. */
  private static FileSystem over(Path root) throws IOException {
    return root.getFileSystem() == JdkPaths.of(Path.of("")).getFileSystem()
        ? PortableProvider.INSTANCE.newFileSystem(root, BEST_EFFORT.toEnv())
        : SafeFileSystems.over(root, BEST_EFFORT);
  }
}

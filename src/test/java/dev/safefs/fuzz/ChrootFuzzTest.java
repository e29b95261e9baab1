package dev.safefs.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.InMemory;
import dev.safefs.JdkPaths;
import dev.safefs.PlayedProvider;
import dev.safefs.Requirement;
import dev.safefs.kernel.Kernel;
import dev.safefs.sys.SyscallsLoader;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random sequences in a file system with {@code links=IN_ROOT}, and the same in a process whose
 * root is a twin of that directory, on the JDK's provider: with links and paths that lead above the
 * root, which both take for the root. {@code -Dsafefs.fuzz.milliseconds} sets the time for each
 * kernel.
 */
@Tag("root")
@Tag("R2")
class ChrootFuzzTest {
  private static final long MILLISECONDS = Long.getLong("safefs.fuzz.milliseconds", 5000);

  @TempDir(factory = InMemory.class)
  Path temporary;

  private boolean isCutShort;

  @ParameterizedTest
  @EnumSource(
      value = Kernel.class,
      names = {"WHOLE", "OLD", "OLDEST"})
  void rootsAreThoseOfChroot(Kernel kernel, TestReporter reporter) throws Exception {
    long sequences = compare(kernel, "IN_ROOT");
    assertThat(sequences).isPositive();
    reporter.publishEntry(kernel + "", sequences + " sequences");
  }

  @Test
  void controlAnotherPolicyIsFoundOut() {
    assertThatThrownBy(() -> compare(Kernel.WHOLE, "BENEATH"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("threw dev.safefs.PathEscapeException");
  }

  private long compare(Kernel kernel, String links) throws Exception {
    boolean isRoot = SyscallsLoader.load().geteuid() == 0;
    Requirement.present(isRoot, "root");
    Path work = JdkPaths.of(temporary).toRealPath();
    Path confined = Files.createDirectory(work.resolve("confined"));
    Path twin = Files.createDirectory(work.resolve("twin"));
    Path practice = Files.createDirectory(work.resolve("practice"));
    FileSystemProvider provider = PlayedProvider.over(kernel::over);
    long end = System.nanoTime() + MILLISECONDS * 1_000_000;
    long seed = 0;
    try (FileSystem opened =
            provider.newFileSystem(URI.create(FuzzTest.uri(confined)), FuzzTest.env(links));
        ChrootedJdk jdk = ChrootedJdk.start(twin, practice)) {
      Step.Tree tree = FuzzTest.safe(provider, confined);
      for (; System.nanoTime() < end; seed++) {
        compare(seed, jdk.run(seed), tree);
        if (!isCutShort) {
          assertThat(FuzzTest.snapshot(confined))
              .as("seed %s", seed)
              .isEqualTo(FuzzTest.snapshot(twin));
        }
        FuzzTest.clear(confined);
        FuzzTest.clear(twin);
      }
      assertThat(opened.isOpen()).isTrue();
    }
    return seed;
  }

  private void compare(long seed, List<String> expected, Step.Tree tree) {
    Random random = new Random(seed);
    List<String> trace = new ArrayList<>();
    isCutShort = false;
    for (String each : expected) {
      Step step = Step.wild(random);
      String actual = ChrootedJdk.oneLine(step.on(tree));
      FuzzTest.assertSame(actual, each, "seed %s: %s after %s".formatted(seed, step, trace));
      trace.add(step + " = " + each);
      isCutShort |= step.isLast(each);
    }
  }
}

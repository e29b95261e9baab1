package dev.safefs.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Requirement;
import dev.safefs.contract.ContractRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The contract of moving and copying on file systems that few kernels of build machines have, in a
 * virtual machine with a kernel that has them. A sample of all pairs of names, as there is no
 * hardware help for it.
 *
 * <p>Needs root, and the tool {@code guestrun} in the directory {@code SAFEFS_FAULTLAB} or beside
 * the sources. The class path may not lie in {@code /tmp}, which is the guest's own.
 */
@Tag("guest")
class GuestFileSystemsTest {
  private static final int LIMIT_SECONDS = 400;
  private static final String EVERY = "101";

  @TempDir Path work;

  @ParameterizedTest
  @CsvSource({"nfs42, ganesha.nfsd", "vfat, mkfs.vfat", "exfat, mkfs.exfat", "casefold, mkfs.ext4"})
  @Tag("M1")
  @Tag("M2")
  @Tag("C2")
  void theContractOfMoveAndCopyHolds(String kind, String command) throws Exception {
    String place = System.getenv().getOrDefault("SAFEFS_FAULTLAB", "../shared/faultlab");
    Path tool = Path.of(place, "guestrun").toAbsolutePath().normalize();
    Requirement.present(Files.isExecutable(tool), tool.toString());
    for (String each : new String[] {"qemu-system-x86_64", "busybox", "cpio", command}) {
      Requirement.present(Machine.has(each), each);
    }
    boolean isSeen = !classPath().contains(":/tmp/") && !classPath().startsWith("/tmp/");
    Requirement.present(isSeen, "a class path outside of /tmp");

    assertThat(run(tool, kind)).contains("all is well");
  }

  private String run(Path tool, String kind) throws IOException, InterruptedException {
    Path output = work.resolve("output");
    ProcessBuilder guest =
        new ProcessBuilder(
            "bash",
            tool.toString(),
            "-t",
            String.valueOf(LIMIT_SECONDS),
            kind,
            "cd /tmp && " + program());
    // The kernel is fetched once.
    guest.environment().putIfAbsent("GUESTRUN_CACHE", cache().toString());
    Process process = guest.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(2 * LIMIT_SECONDS, TimeUnit.SECONDS)).as("in time").isTrue();
    } finally {
      process.destroy();
    }
    return Files.readString(output);
  }

  private static String program() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String access = Runtime.version().feature() >= 22 ? " --enable-native-access=ALL-UNNAMED" : "";
    return String.join(
        " ",
        java + access,
        "-XX:TieredStopAtLevel=1",
        "-cp",
        classPath(),
        ContractRun.class.getName(),
        "$MNT",
        "CONFINED_BEST_EFFORT",
        EVERY);
  }

  private static Path cache() throws IOException {
    Path target = Path.of("target").toAbsolutePath();
    return Files.createDirectories(target.resolve("guest"));
  }

  private static String classPath() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(each -> !each.isEmpty())
        .map(each -> Path.of(each).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}

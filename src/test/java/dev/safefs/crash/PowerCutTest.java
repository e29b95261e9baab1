package dev.safefs.crash;

import static org.assertj.core.api.Assertions.assertThat;

import client.Rewriter;
import dev.safefs.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A program that rewrites a file while the power fails, on a disk with a volatile write cache.
 * Needs root, and the tool {@code powercut} in the directory {@code SAFEFS_FAULTLAB} or beside the
 * checkout. {@code -Dsafefs.powercut.trials} says how often.
 */
@Tag("root")
@Tag("K2")
class PowerCutTest {
  private static final int TRIALS = Integer.getInteger("safefs.powercut.trials", 25);
  private static final long LIMIT_SECONDS = 300 + 4L * TRIALS;

  @TempDir Path temporary;
  private Path tool;

  @BeforeEach
  void findTool() {
    String place = System.getenv().getOrDefault("SAFEFS_FAULTLAB", "../shared/faultlab");
    tool = Path.of(place, "powercut").toAbsolutePath().normalize();
    Requirement.present(Files.isExecutable(tool), tool.toString());
  }

  /** Returns what the tool says of so many trials. */
  private String cut(String fileSystem, String mountOptions, String durability, String check)
      throws Exception {
    String java = ClassPath.java() + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ";
    String workload =
        java
            + "-Dsafefs.durability="
            + durability
            + " -cp "
            + ClassPath.absolute()
            + " "
            + Rewriter.class.getName();
    Path output = temporary.resolve("output");
    List<String> command =
        List.of(
            tool.toString(),
            "--fs",
            fileSystem,
            "--mount",
            mountOptions,
            "--trials",
            String.valueOf(TRIALS),
            "--seconds",
            "3",
            "--noise",
            "20",
            "--budget",
            String.valueOf(LIMIT_SECONDS - 20),
            "--workload",
            "exec " + workload + " write safe://$MNT/target $ACK 0",
            "--check",
            java
                + "-cp "
                + ClassPath.absolute()
                + " "
                + Rewriter.class.getName()
                + " "
                + check
                + " $MNT/target $ACK");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroy();
      throw new AssertionError("still running: " + command);
    }
    return Files.readString(output);
  }

  @ParameterizedTest
  @Tag("W6")
  @CsvSource({"ext4,data=ordered", "ext4,'data=writeback,noauto_da_alloc'", "xfs,''", "btrfs,''"})
  void whatWasAcknowledgedIsThereWhole(String fileSystem, String mountOptions) throws Exception {
    String said = cut(fileSystem, mountOptions, "FILE_AND_NAME", "check");
    assertThat(said).contains(": 0 violations in " + TRIALS + " trials");
  }

  @ParameterizedTest
  @Tag("W1")
  @CsvSource({"ext4,data=ordered", "ext4,'data=writeback,noauto_da_alloc'", "xfs,''", "btrfs,''"})
  void atFileDurabilityNothingIsTorn(String fileSystem, String mountOptions) throws Exception {
    String said = cut(fileSystem, mountOptions, "FILE", "check-whole");
    assertThat(said).contains(": 0 violations in " + TRIALS + " trials");
  }

  @ParameterizedTest
  @CsvSource({"ext4,data=ordered", "xfs,''"})
  void controlWithoutASyncItIsLost(String fileSystem, String mountOptions)
      throws IOException, Exception {
    assertThat(cut(fileSystem, mountOptions, "NONE", "check")).doesNotContain(": 0 violations");
  }
}

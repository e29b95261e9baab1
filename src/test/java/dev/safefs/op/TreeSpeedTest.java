package dev.safefs.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.SafeConfig;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** What a deletion of a large tree takes, in one run with the JDK's own. */
@Tag("D2")
class TreeSpeedTest {
  private static final int FILES_IN_EACH = 250;
  private static final int RUNS = Integer.getInteger("safefs.speed.runs", 5);
  private static final double MOST_CALLS_A_FILE = 2.2;
  private static final double LEAST_RATIO = 2.0;

  @TempDir Path dir;

  private void plant(Path root, int directories) throws IOException {
    for (int d = 0; d < directories; d++) {
      Path sub = Files.createDirectories(root.resolve("d" + d));
      for (int f = 0; f < FILES_IN_EACH; f++) {
        Files.createFile(sub.resolve("file-" + f));
      }
    }
  }

  private double callsForEachFile(int directories) throws IOException {
    plant(dir.resolve("tree"), directories);
    TracingSyscalls trace = new TracingSyscalls(Scene.kernel());
    try (Scene traced = Scene.confined(dir, trace.syscalls(), SafeConfig.confined())) {
      TreeOps.deleteTree(traced.place("tree"), TreePlan.STOP);
    }
    return (double) trace.calls().size() / directories / FILES_IN_EACH;
  }

  @Test
  @Tag("syscalls")
  void aDeletionTakesLittleMoreThanOneCallAFile() throws IOException {
    assertThat(callsForEachFile(8)).isLessThan(MOST_CALLS_A_FILE);
  }

  @Test
  @Tag("syscalls")
  @Tag("long")
  void aDeletionOfALargeTreeTakesLittleMoreThanOneCallAFile() throws IOException {
    assertThat(callsForEachFile(400)).isLessThan(MOST_CALLS_A_FILE);
  }

  @Test
  @Tag("long")
  @Tag("speed")
  void aLargeTreeIsDeletedInHalfTheTimeOfTheJdk(TestReporter reporter) throws IOException {
    List<Long> jdk = new ArrayList<>();
    List<Long> safe = new ArrayList<>();
    Path root = dir.resolve("tree");
    try (Scene scene = Scene.confined(dir)) {
      for (int run = 0; run < RUNS; run++) {
        plant(root, 400);
        long begin = System.nanoTime();
        deleteByVisitor(root);
        jdk.add(System.nanoTime() - begin);
        plant(root, 400);
        begin = System.nanoTime();
        TreeOps.deleteTree(scene.place("tree"), TreePlan.STOP);
        safe.add(System.nanoTime() - begin);
      }
    }
    double ratio = (double) median(jdk) / median(safe);
    reporter.publishEntry(
        Map.of(
            "JDK, ms", median(jdk) / 1_000_000 + "",
            "SafeFS, ms", median(safe) / 1_000_000 + "",
            "ratio", ratio + ""));
    assertThat(ratio).isGreaterThan(LEAST_RATIO);
  }

  private static long median(List<Long> nanoseconds) {
    Collections.sort(nanoseconds);
    return nanoseconds.get(nanoseconds.size() / 2);
  }

  private static void deleteByVisitor(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes seen) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path sub, java.io.IOException failure)
              throws IOException {
            Files.delete(sub);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

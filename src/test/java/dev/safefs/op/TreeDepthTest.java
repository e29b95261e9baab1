package dev.safefs.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.InMemory;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trees beyond what paths and descriptors allow, in a child JVM with few descriptors and 64 MiB of
 * heap.
 */
@Tag("R7")
class TreeDepthTest {
  private static final int MOST_MINUTES = 10;
  private static final int DESCRIPTORS = 64;

  @TempDir(factory = InMemory.class)
  Path dir;

  /** On another mount, unless all temporary files are in memory. */
  @TempDir Path disk;

  private String child(Path work, String... arguments) throws IOException, InterruptedException {
    Path log = dir.resolve("log");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "ulimit -n " + DESCRIPTORS + "; exec \"$@\"",
                "sh",
                java,
                "-Xmx64m",
                "-cp",
                classPath(),
                TreeDepthWork.class.getName(),
                work.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    return "exit " + process.exitValue() + "\n" + Files.readString(log);
  }

  /** The classes and what they need to run: each jar on the class path takes a descriptor. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(
            each ->
                !each.endsWith(".jar") || Path.of(each).getFileName().toString().startsWith("jffi"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void lives(String depth, String width) throws IOException, InterruptedException {
    Path work = Files.createDirectory(dir.resolve("work"));
    assertThat(child(work, depth, width, disk.toString())).contains("exit 0").contains("done");
    assertThat(work).isEmptyDirectory();
    assertThat(disk).isEmptyDirectory();
  }

  @Test
  void aTreeTenThousandDeepIsMadeWalkedCopiedAndDeletedWithFewDescriptors() throws Exception {
    lives("10000", "10");
  }

  @Test
  void aWideDirectoryIsWalkedCopiedAndDeletedWithFewDescriptors() throws Exception {
    lives("2", "6000");
  }

  @Test
  @Tag("long")
  void aDirectoryOfAMillionEntriesIsWalkedCopiedAndDeleted() throws Exception {
    lives("2", "1000000");
  }

  @Test
  void thePathsOfTheMachineDoNotReachThatDeep() throws Exception {
    String deep = "/d".repeat(3000);
    assertThat(dir.resolve(deep.substring(1)).toString().length()).isGreaterThan(4096);
    assertThatThrownBy(() -> Files.createDirectories(dir.resolve(deep.substring(1))))
        .as("control: the JDK")
        .isInstanceOf(FileSystemException.class);
  }
}

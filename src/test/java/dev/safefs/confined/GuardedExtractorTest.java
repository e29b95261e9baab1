package dev.safefs.confined;

import static org.assertj.core.api.Assertions.assertThat;

import client.Extractor;
import demo.Adversary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An unchanged extractor in a virtual machine whose default provider is SafeFS: with a guard
 * nothing can lead it out, without one it is led out.
 */
@Tag("R8")
@Tag("race")
class GuardedExtractorTest {
  private static final Pattern COUNTS = Pattern.compile("written (\\d+) refused (\\d+)");
  private static final String MILLISECONDS =
      Long.toString(3 * Long.getLong("safefs.race.milliseconds", 600));

  @TempDir Path temporary;
  private Ground ground;
  private Path archive;

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    Files.createDirectory(ground.host().resolve("swapped"));
    ground.link("planted", "../outside");
    ground.link("absolute", ground.outside().toString());
    archive = ground.host().resolveSibling("archive.zip");
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name :
          new String[] {
            "good",
            "swapped/evil1",
            "swapped/evil2",
            "planted/evil",
            "absolute/evil",
            "../outside/evil"
          }) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write('e');
      }
    }
  }

  /**
   * Runs the extractor while a directory is swapped with a link to the outside; returns how much it
   * wrote and was refused.
   */
  private int[] extract(String mode, Path directory, Path root, List<String> options)
      throws Exception {
    Path swapped = ground.host().resolve("swapped");
    Path away = ground.host().resolve("away");
    Path out = ground.host().getFileSystem().getPath("../outside");
    List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", absoluteClassPath()));
    command.add(
        "-Djava.nio.file.spi.DefaultFileSystemProvider=dev.safefs.SafeDefaultFileSystemProvider");
    command.addAll(options);
    command.addAll(
        List.of(
            Extractor.class.getName(), archive.toString(), root.toString(), mode, MILLISECONDS));
    Adversary.Step swap =
        () -> {
          Files.move(swapped, away, StandardCopyOption.ATOMIC_MOVE);
          Files.createSymbolicLink(swapped, out);
          Files.delete(swapped);
          Files.move(away, swapped, StandardCopyOption.ATOMIC_MOVE);
        };
    Adversary.Step tidy =
        () -> {
          Ground.remove(swapped);
          Files.move(away, swapped, StandardCopyOption.ATOMIC_MOVE);
        };
    Path output = ground.host().resolveSibling("output");
    try (Adversary attacker = new Adversary(swap, tidy)) {
      Process child =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
    }
    String text = Files.readString(output, StandardCharsets.UTF_8);
    Matcher counts = COUNTS.matcher(text);
    assertThat(counts.find()).as(text).isTrue();
    return new int[] {Integer.parseInt(counts.group(1)), Integer.parseInt(counts.group(2))};
  }

  private static String absoluteClassPath() {
    return Stream.of(System.getProperty("java.class.path").split(":"))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .reduce((a, b) -> a + ":" + b)
        .orElseThrow();
  }

  private boolean isOutsideUntouched() throws IOException {
    try (Stream<Path> entries = Files.list(ground.outside())) {
      return entries.count() == 1
          && Files.readString(ground.outside().resolve("secret")).equals(Ground.SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"checked", "unchecked"})
  void withAGuardNothingLeadsOut(String mode) throws Exception {
    int[] counts =
        extract(mode, ground.outside(), ground.host(), List.of("-Dsafefs.guard=" + ground.host()));
    assertThat(isOutsideUntouched()).isTrue();
    assertThat(counts[0]).as("written").isPositive();
    assertThat(counts[1]).as("refused").isPositive();
    assertThat(ground.host().resolve("good")).hasContent("e");
  }

  /** The working directory is above the guarded one, or it is the guarded one. */
  @ParameterizedTest
  @CsvSource({"., ./" + Ground.TELLING, Ground.TELLING + ", ."})
  void relativePathsAreGuardedToo(String working, String root) throws Exception {
    Path relative = ground.host().getFileSystem().getPath(root);
    int[] counts =
        extract(
            "unchecked",
            ground.host().resolveSibling(working),
            relative,
            List.of("-Dsafefs.guard=" + ground.host()));
    assertThat(isOutsideUntouched()).isTrue();
    assertThat(counts[1]).as("refused").isPositive();
    assertThat(ground.host().resolve("good")).hasContent("e");
  }

  @ParameterizedTest
  @ValueSource(strings = {"checked", "unchecked"})
  void controlWithoutAGuardItIsLedOut(String mode) throws Exception {
    extract(mode, ground.outside(), ground.host(), List.of());
    assertThat(isOutsideUntouched()).isFalse();
  }
}

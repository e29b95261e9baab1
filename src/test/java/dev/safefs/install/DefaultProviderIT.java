package dev.safefs.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Programs of the JDK and one of ours, unchanged, in virtual machines whose default provider is
 * SafeFS.
 */
class DefaultProviderIT {
  private static final Path SOURCES = Path.of("provider/java").toAbsolutePath();
  private static final String CLIENT = "client.InstalledClient";

  @TempDir static Path reference;
  private static Map<String, Integer> expected;

  @TempDir Path work;

  @BeforeAll
  static void compileOnTheJdk() throws Exception {
    List<String> plain = Command.java().with("-m", "jdk.compiler/com.sun.tools.javac.Main").parts();
    Path classes = Files.createDirectory(reference.resolve("classes"));
    Child.run(reference, "", compilation(plain, classes)).succeeded();
    expected = contents(classes);
  }

  /** javac must give byte for byte what it gives on the JDK's provider. */
  @ParameterizedTest
  @EnumSource(Placement.class)
  void javacCompilesTheSourcesOfThisProject(Placement placement) throws Exception {
    Path actual = Files.createDirectory(work.resolve("actual"));
    List<String> safe = placement.java("-m", "jdk.compiler/com.sun.tools.javac.Main");
    Child.run(work, "", compilation(safe, actual)).succeeded();
    assertThat(contents(actual)).isEqualTo(expected).isNotEmpty();
  }

  private static List<String> compilation(List<String> command, Path output) throws IOException {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("-nowarn", "-proc:none", "-d", output.toString(), "-cp", Build.COMPILATION));
    try (Stream<Path> files = Files.walk(SOURCES)) {
      files
          .map(Path::toString)
          .filter(name -> name.endsWith(".java") && !name.endsWith("module-info.java"))
          .sorted()
          .forEach(all::add);
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource(Placement.class)
  void jarMakesAndListsAnArchive(Placement placement) throws Exception {
    Files.writeString(work.resolve("entry.txt"), "content");
    Child.run(
            work,
            "",
            placement.java("-m", "jdk.jartool/sun.tools.jar.Main", "cf", "made.jar", "entry.txt"))
        .succeeded();
    Child listed =
        Child.run(
                work, "", placement.java("-m", "jdk.jartool/sun.tools.jar.Main", "tf", "made.jar"))
            .succeeded();
    assertThat(listed.output()).contains("entry.txt");
  }

  @ParameterizedTest
  @EnumSource(Placement.class)
  void jshellEvaluates(Placement placement) throws Exception {
    Child shell =
        Child.run(
                work,
                "System.out.println(6 * 7)\n/exit\n",
                placement.java(
                    "-m",
                    "jdk.jshell/jdk.internal.jshell.tool.JShellToolProvider",
                    "-s",
                    "--execution",
                    "local"))
            .succeeded();
    assertThat(shell.output()).contains("42");
  }

  @ParameterizedTest
  @EnumSource(Placement.class)
  void anOrdinaryProgramRuns(Placement placement) throws Exception {
    checkClient(Child.run(work, "", placement.running(CLIENT)).succeeded());
  }

  @Test
  void anOrdinaryProgramRunsFromAnExecutableJar() throws Exception {
    Path jar = work.resolve("app.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, CLIENT);
    manifest
        .getMainAttributes()
        .put(Attributes.Name.CLASS_PATH, Build.SELF_CONTAINED.toUri().toString());
    manifest.getMainAttributes().putValue("Enable-Native-Access", "ALL-UNNAMED");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.putNextEntry(new JarEntry("client/InstalledClient.class"));
      Files.copy(Build.PROGRAMS.resolve("client/InstalledClient.class"), out);
      out.closeEntry();
    }
    checkClient(
        Child.run(work, "", Command.java().with(Command.SWAP, "-jar", jar.toString()).parts())
            .succeeded());
  }

  private static void checkClient(Child child) {
    assertThat(child.output())
        .contains("dev.safefs.SafeDefaultFileSystemProvider")
        .contains("all is well");
    assertThat(child.errors()).isEmpty();
  }

  private static Map<String, Integer> contents(Path tree) throws IOException {
    Map<String, Integer> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        all.put(tree.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return all;
  }
}

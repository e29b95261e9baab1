package dev.safefs.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the jars say about themselves, asked with the tools of the JDK. */
class JarsIT {
  private static final int MAGIC = 0xCAFEBABE;
  private static final int JAVA_17 = 61;
  private static final int JAVA_22 = 66;

  @TempDir Path work;

  private Child run(Command command) throws Exception {
    return Child.run(work, "", command.parts()).succeeded();
  }

  private static Path jar(String name) {
    return name.equals("library") ? Build.LIBRARY : Build.SELF_CONTAINED;
  }

  @ParameterizedTest
  @ValueSource(strings = {"library", "self-contained"})
  @EnabledForJreRange(min = JRE.JAVA_22, disabledReason = "the tool of Java 17 cannot read records")
  void jarFindsItValid(String name) throws Exception {
    Child child = run(Command.tool("jar").with("--validate", "--file", jar(name).toString()));
    assertThat(child.output() + child.errors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"library", "self-contained"})
  void theModuleExportsTheFaceOnly(String name) throws Exception {
    String described =
        run(Command.tool("jar").with("--describe-module", "--file", jar(name).toString())).output();
    assertThat(described.lines().filter(line -> line.startsWith("exports")))
        .containsExactly("exports dev.safefs");
    assertThat(described)
        .contains("requires org.jnrproject.jffi static")
        .contains(
            "provides java.nio.file.spi.FileSystemProvider with dev.safefs.SafeFileSystemProvider");
  }

  /** Who compiles against it needs the jar and nothing that it was compiled with. */
  @ParameterizedTest
  @ValueSource(strings = {"library", "self-contained"})
  void aModuleThatRequiresItCompilesWithNothingElse(String name) throws Exception {
    Path descriptor =
        Files.writeString(work.resolve("module-info.java"), "module app { requires dev.safefs; }");
    Path program =
        Files.writeString(
            Files.createDirectory(work.resolve("app")).resolve("App.java"),
            """
            package app;
            class App {
              Object option = dev.safefs.SafeOpenOption.DURABLE;
              Object config = dev.safefs.SafeConfig.confined().with("links", "REFUSE");
              Throwable failure = new dev.safefs.PathEscapeException("file", null, "reason");
            }
            """);
    Child child =
        run(
            Command.tool("javac")
                .with("-Xlint:all", "-Werror", "-d", work.resolve("classes").toString())
                .with("-p", jar(name).toString(), descriptor.toString(), program.toString()));
    assertThat(child.output() + child.errors()).isEmpty();
  }

  private static Command jdeps() {
    return Command.tool("jdeps")
        .with("--multi-release", Integer.toString(Math.min(22, Runtime.version().feature())));
  }

  @Test
  void jdepsMissesNothing() throws Exception {
    Child child =
        run(jdeps().with("--missing-deps", "-cp", Build.COMPILATION, Build.LIBRARY.toString()));
    assertThat(child.output() + child.errors()).isEmpty();
  }

  /**
   * All but what foreign memory needs is for Java 17, and only these classes, and their lambdas,
   * lie where no version tells.
   */
  @Test
  void classesAreForJava17ButThoseWithForeignMemory() throws Exception {
    Map<String, Integer> versions = versions(Build.LIBRARY);
    Set<String> later = new TreeSet<>();
    versions.forEach(
        (name, version) -> {
          boolean isVersioned = name.startsWith("META-INF/versions/");
          assertThat(version).as(name).isIn(JAVA_17, JAVA_22);
          if (version == JAVA_22 && !isVersioned) {
            later.add(name.replaceFirst("\\$\\$Lambda\\$\\d+", ""));
          }
        });
    if (Runtime.version().feature() >= 22) {
      assertThat(later)
          .containsExactlyInAnyOrder(
              "dev/safefs/op/ArenaChannel.class",
              "dev/safefs/op/ArenaChannels.class",
              "dev/safefs/sys/FfmTrap.class",
              "dev/safefs/sys/FfmTraps.class");
    } else {
      assertThat(versions.keySet()).noneMatch(name -> name.startsWith("META-INF/versions/"));
      assertThat(later).isEmpty();
    }
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_21)
  void java17LoadsNoClassOfFfm() throws Exception {
    Command command =
        Command.java()
            .with("-Xlog:class+load", "-jar", Build.SELF_CONTAINED.toString(), "guarantees", ".");
    assertThat(run(command).output())
        .contains("dev.safefs.sys.JnrTrap")
        .doesNotContain("dev.safefs.sys.FfmTrap");
  }

  @ParameterizedTest
  @ValueSource(strings = {"library", "self-contained"})
  void theManifestSpeaksToOsgi(String name) throws Exception {
    try (JarFile jar = new JarFile(jar(name).toFile())) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue("Multi-Release")).isEqualTo("true");
      assertThat(manifest.getValue("Bundle-SymbolicName")).isEqualTo("dev.safefs");
      assertThat(manifest.getValue("Bundle-Version")).matches("\\d+\\.\\d+\\.\\d+");
      assertThat(manifest.getValue("Export-Package")).matches("dev\\.safefs;version=\"[\\d.]+\"");
      assertThat(manifest.getValue("Require-Capability")).contains("osgi.ee").contains("17");
    }
  }

  private static Map<String, Integer> versions(Path path) throws IOException {
    Map<String, Integer> versions = new TreeMap<>();
    try (JarFile jar = new JarFile(path.toFile())) {
      for (JarEntry entry :
          jar.stream().filter(each -> each.getName().endsWith(".class")).toList()) {
        try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
          assertThat(in.readInt()).isEqualTo(MAGIC);
          in.readUnsignedShort();
          versions.put(entry.getName(), in.readUnsignedShort());
        }
      }
    }
    return versions;
  }
}

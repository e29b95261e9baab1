package dev.safefs.install;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command line, part by part. Empty parts are left out. */
final class Command {
  static final String SWAP =
      "-Djava.nio.file.spi.DefaultFileSystemProvider=dev.safefs.SafeDefaultFileSystemProvider";

  private final List<String> parts = new ArrayList<>();

  private Command(String first) {
    parts.add(first);
  }

  /** Starts a command line with a tool of the JDK this runs on. */
  static Command tool(String name) {
    return new Command(Path.of(System.getProperty("java.home"), "bin", name).toString());
  }

  /** Starts a command line with {@code java}, set for a short life. */
  static Command java() {
    return tool("java").with("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  }

  /** Adds parts. */
  Command with(String... more) {
    return with(List.of(more));
  }

  /** Adds parts. */
  Command with(List<String> more) {
    more.stream().filter(part -> !part.isEmpty()).forEach(parts::add);
    return this;
  }

  /** Returns it. */
  List<String> parts() {
    return List.copyOf(parts);
  }
}

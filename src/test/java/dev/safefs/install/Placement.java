package dev.safefs.install;

import java.util.ArrayList;
import java.util.List;

/** Where the library lies in a child virtual machine that has SafeFS as its default provider. */
enum Placement {
  /** {@code -cp}, the library and its dependencies. */
  CLASS_PATH {
    @Override
    List<String> options() {
      return List.of(
          "-cp", Build.LIBRARY + ":" + Build.DEPENDENCIES, Build.nativeAccess("ALL-UNNAMED"));
    }
  },
  /** {@code -p}, the library as the module {@code dev.safefs} and its dependencies. */
  MODULE_PATH {
    @Override
    List<String> options() {
      return List.of(
          "-p",
          Build.LIBRARY + ":" + Build.DEPENDENCIES,
          "--add-modules",
          "dev.safefs,ALL-MODULE-PATH",
          Build.nativeAccess("dev.safefs,org.jnrproject.jffi"));
    }
  },
  /** {@code -p}, the self-contained jar as the module {@code dev.safefs}. */
  MODULE_PATH_SELF_CONTAINED {
    @Override
    List<String> options() {
      return List.of(
          "-p",
          Build.SELF_CONTAINED.toString(),
          "--add-modules",
          "dev.safefs",
          Build.nativeAccess("dev.safefs"));
    }
  },
  /** {@code -Xbootclasspath/a:}, the self-contained jar. */
  BOOT_APPEND {
    @Override
    List<String> options() {
      return List.of(
          "-Xbootclasspath/a:" + Build.SELF_CONTAINED, Build.nativeAccess("ALL-UNNAMED"));
    }
  };

  abstract List<String> options();

  /** Returns the start of a command line that runs a program on SafeFS. */
  List<String> java(String... more) {
    return new ArrayList<>(Command.java().with(Command.SWAP).with(options()).with(more).parts());
  }

  /** Returns a command line that runs a program of the tests on SafeFS. */
  List<String> running(String program, String... options) {
    List<String> command = java(options);
    int classPath = command.indexOf("-cp");
    if (classPath >= 0) {
      command.set(classPath + 1, command.get(classPath + 1) + ":" + Build.PROGRAMS);
    } else {
      command.addAll(List.of("-cp", Build.PROGRAMS.toString()));
    }
    command.add(program);
    return command;
  }
}

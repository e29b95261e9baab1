package dev.safefs.kernel;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.PathEscapeException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;

/** A program for a mount namespace of its own, where it takes procfs away before it begins. */
final class ProcfsErrand {
  private ProcfsErrand() {}

  /** Prints what it finds, or ends with an exception. */
  public static void main(String[] arguments) throws Exception {
    String host = arguments[0];
    String fd = "/proc/" + ProcessHandle.current().pid() + "/fd";
    List<String> command =
        switch (arguments[1]) {
          case "unmounted" -> List.of("umount", "-l", "/proc");
          case "tmpfs" -> List.of("mount", "-t", "tmpfs", "none", "/proc");
          case "directory" -> List.of("mount", "--bind", host, fd);
          case "stranger" -> List.of("mount", "--bind", "/proc/1/fd", fd);
          default -> List.of("true");
        };
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException("failed: " + command);
    }
    URI root = URI.create("safe://" + Path.of(host).toUri().getRawPath());
    try (FileSystem safe = FileSystems.newFileSystem(root, Map.of())) {
      names(safe);
      System.out.println("names are well, content is " + content(safe.getPath("file")));
    }
  }

  private static void names(FileSystem safe) throws IOException {
    Path file = safe.getPath("file");
    Path made = Files.createDirectory(safe.getPath("made"));
    check(Files.isDirectory(made) && Files.size(file) == 4, "attributes");
    check(Files.getOwner(file).equals(Files.getOwner(made)), "owner");
    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    Files.move(file, made.resolve("moved"));
    check(made.resolve("moved").toRealPath().toString().equals("/made/moved"), "real path");
    Files.move(made.resolve("moved"), file);
    Files.createSymbolicLink(made.resolve("link"), safe.getPath("x"));
    Files.delete(made.resolve("link"));
    Files.delete(made);
    try {
      Files.delete(safe.getPath("out/secret"));
      throw new IOException("escaped");
    } catch (PathEscapeException e) {
      check(!e.getMessage().contains("/proc"), "message");
    }
  }

  private static String content(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (GuaranteeUnavailableException e) {
      return e.getReason().contains("procfs") ? "refused" : e.getReason();
    }
  }

  private static void check(boolean holds, String what) throws IOException {
    if (!holds) {
      throw new IOException(what);
    }
  }
}

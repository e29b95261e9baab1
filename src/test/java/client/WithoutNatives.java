package client;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.SafeFileSystem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;

/** A program on a machine whose natives do not load: what goes on, and what says that it cannot. */
public final class WithoutNatives {
  private WithoutNatives() {}

  /**
   * Runs it.
   *
   * @param arguments an empty directory
   * @throws Exception if something else happens than is expected
   */
  public static void main(String[] arguments) throws Exception {
    Path work = Path.of(arguments[0]);
    goesOn(work);
    URI uri = URI.create("safe://" + work.toUri().getRawPath());
    if (Boolean.getBoolean("client.ambient")) {
      goesOn(Path.of(uri));
      return;
    }
    try {
      Files.delete(Path.of(uri));
      System.out.println("strict: went on");
    } catch (GuaranteeUnavailableException e) {
      System.out.println("strict: " + e.getReason());
    }
    try (FileSystem strict = FileSystems.newFileSystem(uri, Map.of())) {
      System.out.println("strict confined: went on " + strict);
    } catch (GuaranteeUnavailableException e) {
      System.out.println("strict confined: refused");
    }
    try (FileSystem safe = FileSystems.newFileSystem(uri, Map.of("strictness", "BEST_EFFORT"))) {
      goesOn(safe.getPath("/"));
      System.out.println(
          "confined: "
              + ((SafeFileSystem) safe).guarantees(safe.getPath("/")).of("R1").orElseThrow());
    }
  }

  private static void goesOn(Path work) throws IOException {
    Path file = Files.writeString(work.resolve("file"), "one");
    Files.writeString(file, "two");
    Path other = Files.copy(file, work.resolve("other"));
    try {
      Files.move(file, other);
      throw new AssertionError("moved over a file");
    } catch (FileAlreadyExistsException e) {
      Files.move(file, other, StandardCopyOption.REPLACE_EXISTING);
    }
    try (Stream<Path> entries = Files.list(work)) {
      if (entries.count() != 1 || !Files.readString(other).equals("two")) {
        throw new AssertionError("something else is there");
      }
    }
    Files.delete(other);
    System.out.println("went on in " + work.getFileSystem());
  }
}

package client;

import java.net.URI;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** A program that moves or copies one file and ends, to be killed while it does. */
public final class OneOperation {

  private OneOperation() {}

  /**
   * Runs it.
   *
   * @param arguments {@code move} or {@code copy}, the URI of the source, the URI of the target,
   *     and names of options
   * @throws Exception if the operation fails
   */
  public static void main(String[] arguments) throws Exception {
    Path source = Path.of(URI.create(arguments[1]));
    Path target = Path.of(URI.create(arguments[2]));
    List<CopyOption> options = new ArrayList<>();
    for (int i = 3; i < arguments.length; i++) {
      options.add(StandardCopyOption.valueOf(arguments[i]));
    }
    if (arguments[0].equals("move")) {
      Files.move(source, target, options.toArray(CopyOption[]::new));
    } else {
      Files.copy(source, target, options.toArray(CopyOption[]::new));
    }
  }
}

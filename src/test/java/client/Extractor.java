package client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An extractor of the usual kind, which imports nothing of SafeFS: it resolves each entry's name,
 * checks perhaps that the path begins with the root, and writes, through whatever links are there.
 */
public final class Extractor {

  private Extractor() {}

  /**
   * Extracts an archive again and again. Prints how often an entry was written and how often one
   * was refused.
   *
   * @param arguments the archive, the root, "checked" or "unchecked", for how many milliseconds
   * @throws IOException if the archive cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[1]);
    boolean isChecked = arguments[2].equals("checked");
    long end = System.nanoTime() + Long.parseLong(arguments[3]) * 1_000_000;
    int written = 0;
    int refused = 0;
    try (ZipFile zip = new ZipFile(arguments[0])) {
      do {
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
          ZipEntry entry = all.nextElement();
          Path target = root.resolve(entry.getName());
          if (isChecked && !target.normalize().startsWith(root.normalize())) {
            continue;
          }
          try (InputStream in = zip.getInputStream(entry)) {
            Files.createDirectories(target.getParent());
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
            written++;
          } catch (IOException e) {
            refused++;
          }
        }
      } while (System.nanoTime() < end);
    }
    System.out.println("written " + written + " refused " + refused);
  }
}

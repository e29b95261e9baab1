package dev.safefs.op;

import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Route;
import dev.safefs.request.LinkMode;
import java.io.IOException;

/** Finds the real path of a file. Promise A2. */
public final class RealPath {

  private RealPath() {}

  /**
   * Returns the absolute path of an existing file in the namespace of its file system.
   *
   * <p><i>Races:</i> exact at one instant where links are followed, because the answer comes from
   * one resolved handle. Where they are kept, each {@code ..} is looked at on its own.
   *
   * @param place an absolute place
   * @param links whether links are resolved, or kept with {@code .} and superfluous {@code ..}
   *     removed
   * @return lossless text
   * @throws java.nio.file.NoSuchFileException if it does not exist
   * @throws IOException if it cannot be resolved
   */
  public static String resolve(Place place, LinkMode links) throws IOException {
    if (links == LinkMode.NOFOLLOW) {
      return keepingLinks(place);
    }
    try (FileHandle file = place.open(LinkMode.FOLLOW)) {
      return place.anchor().realText(file, place.route());
    }
  }

  private static String keepingLinks(Place place) throws IOException {
    String root = place.route().rootText();
    String real = root;
    for (String component : place.route().text().substring(root.length()).split("/")) {
      if (component.isEmpty() || component.equals(".")) {
        continue;
      }
      if (component.equals("..") && goesUp(place, real)) {
        real = real.equals(root) ? root : parent(place, real, root);
      } else {
        real = real.endsWith("/") ? real + component : real + "/" + component;
      }
    }
    type(place, real);
    return real;
  }

  /** Tells whether {@code ..} may be removed together with the component before it. */
  private static boolean goesUp(Place place, String real) throws IOException {
    if (real.equals(place.route().rootText())) {
      // A confining anchor may call this an escape.
      type(place, real + "..");
      return true;
    }
    return !real.endsWith("/..") && type(place, real) != FileType.SYMLINK;
  }

  private static String parent(Place place, String real, String root) {
    String parent = new Route(real, place.display()).parentText();
    return parent.length() < root.length() ? root : parent;
  }

  private static FileType type(Place place, String text) throws IOException {
    try (FileHandle file =
        place.anchor().open(new Route(text, place.display()), LinkMode.NOFOLLOW)) {
      return file.stat().type();
    }
  }
}

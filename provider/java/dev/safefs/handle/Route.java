package dev.safefs.handle;

/**
 * A path as an anchor resolves it, with the text that messages show for it. Purely lexical.
 *
 * @param text lossless text with {@code /} between components; absolute if it begins with one; may
 *     hold {@code .} and {@code ..}; no repeated or trailing separator
 * @param display the user's own path
 */
public record Route(String text, String display) {

  /**
   * Tells whether the route ends in a name that can be acted on in its parent.
   *
   * @return false for a root, the empty route, {@code .} and {@code ..}
   */
  public boolean hasName() {
    return Name.isName(last());
  }

  /**
   * Returns the last component as a name.
   *
   * @return the name
   * @throws IllegalArgumentException if {@link #hasName} is false
   */
  public Name name() {
    return Name.of(last());
  }

  /**
   * Returns the text before the last component.
   *
   * @return {@code ""} for a single relative component, {@code "/"} for a single absolute one
   */
  public String parentText() {
    int slash = text.lastIndexOf('/');
    return slash > 0 ? text.substring(0, slash) : slash == 0 ? "/" : "";
  }

  /**
   * Returns what an absolute text begins with before its first component.
   *
   * @return {@code "/"}, or a drive with it, as {@code "C:/"}
   */
  public String rootText() {
    return text.substring(0, text.indexOf('/') + 1);
  }

  /**
   * Returns the route of a symbolic link's target, as seen from the directory that holds the link.
   *
   * @param target the link's content, not empty
   * @return the target itself where absolute, else the target under this route's parent
   */
  public Route throughLink(String target) {
    if (target.startsWith("/")) {
      return new Route(target, display);
    }
    String parent = parentText();
    return new Route(
        parent.isEmpty() ? target : parent.endsWith("/") ? parent + target : parent + "/" + target,
        display);
  }

  private String last() {
    return text.substring(text.lastIndexOf('/') + 1);
  }
}

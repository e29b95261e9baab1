package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.Strictness;
import dev.safefs.handle.Capability;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import java.io.IOException;

/**
 * A file that is written and not yet visible. Closing it without having published it leaves
 * nothing.
 *
 * <p>The owner writes {@link #file}, gives it its attributes, and calls {@link #publish}; or, for
 * several files at once, {@link #settle} for each, {@link #give} for each, {@link #settleName} for
 * one of each directory. Not safe for use by several threads.
 */
final class Pending implements AutoCloseable {
  private final Dir dir;
  private final Name name;
  private final Terms terms;
  private final Publisher publisher;

  private Pending(Dir dir, Name name, Terms terms, Publisher publisher) {
    this.dir = dir;
    this.name = name;
    this.terms = terms;
    this.publisher = publisher;
  }

  /** Whether a pending file got its name. */
  enum Outcome {
    /** It has the name. */
    PUBLISHED,
    /**
     * Something else has the name, and was not to be replaced. Nothing changed, and another publish
     * may follow.
     */
    EXISTS,
    /**
     * A directory has the name, and was to be replaced. Nothing changed, and another publish may
     * follow.
     */
    IS_DIRECTORY
  }

  /**
   * What a pending file is made for.
   *
   * @param mode permission bits before the umask
   * @param replace whether the name is likely to be replaced; {@link Pending#publish} decides
   * @param durability what is synced
   * @param strictness what happens where the mount cannot do it whole
   * @param path the user's, for records
   */
  record Terms(
      int mode, Replace replace, Durability durability, Strictness strictness, String path) {

    /** Makes content and attributes durable, as far as the durability asks. */
    void settle(FileHandle file) throws IOException {
      if (durability != Durability.NONE) {
        ContentSync.run(file, path, strictness);
      }
    }
  }

  /**
   * Begins a pending file on a directory's mount.
   *
   * @param dir the directory it will be published in; not owned, to stay open as long as the
   *     pending file
   * @param name the name it will have
   * @param terms what it is made for
   * @return to be closed, published or not
   * @throws IOException if nothing can be created there
   */
  static Pending begin(Dir dir, Name name, Terms terms) throws IOException {
    return new Pending(dir, name, terms, Publisher.begin(dir, name, terms));
  }

  /**
   * Returns the file, open for reading and writing. Not to be closed; another one after a publish.
   */
  FileHandle file() {
    return publisher.file();
  }

  /** Returns the attributes the file was made with. */
  Stat made() {
    return publisher.made();
  }

  /**
   * Publishes: syncs the content, gives it the name, and syncs the name, as far as the durability
   * asks. <i>Atomicity:</i> a reader of the name sees the old file, or none, or the new one whole.
   * <i>Durability:</i> after a power cut the same.
   *
   * @param replace {@code NO_REPLACE} or {@code REPLACE}
   * @return whether it has the name
   * @throws IOException if it could not be made durable or get the name
   */
  Outcome publish(Replace replace) throws IOException {
    settle();
    Outcome outcome = give(replace);
    if (outcome == Outcome.PUBLISHED) {
      settleName();
    }
    return outcome;
  }

  /** Makes content and attributes durable before they get a name. */
  void settle() throws IOException {
    terms.settle(file());
  }

  /** Gives the file its name. Content and attributes are settled. */
  Outcome give(Replace replace) throws IOException {
    return publisher.give(replace);
  }

  /** Makes the name durable, and those given in the same directory before. */
  void settleName() throws IOException {
    if (isNameToBeSynced()) {
      syncName();
    }
  }

  /** Makes the name durable whatever the durability is. */
  void syncName() throws IOException {
    NameSync.run(dir, terms.path(), terms.strictness());
  }

  /** Tells whether {@link #settleName} does anything. */
  boolean isNameToBeSynced() {
    return switch (terms.durability()) {
      case NONE -> false;
      case FILE -> !dir.capabilities().mayHave(Capability.ORDERED_RENAME);
      case FILE_AND_NAME -> true;
    };
  }

  /**
   * Tells whether {@link #file} is not the file any more that it was at first, because that one
   * could not get a name.
   */
  boolean wasCopied() {
    return publisher.wasCopied();
  }

  /** Returns how the file got its name, for records. */
  String strategy() {
    return publisher.strategy();
  }

  /** Releases the file and removes what was staged. Does nothing the second time. */
  @Override
  public void close() throws IOException {
    publisher.close();
  }
}

package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.SourceChangedException;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/**
 * Operations on whole trees: directory by directory, each held open, so that nothing outside the
 * tree is touched, whatever is swapped meanwhile. Promises D2 and R7. Paths of any depth, with a
 * bounded number of descriptors.
 */
public final class TreeOps {

  private TreeOps() {}

  /**
   * Deletes a tree. Links are deleted themselves. What others delete meanwhile is no failure, and
   * what they create is deleted, too. Permissions are never changed to force a deletion.
   *
   * @param place a file, link or directory
   * @param plan failures and progress
   * @throws NoSuchFileException if it does not exist
   * @throws IOException the first failure that the plan does not ignore
   */
  public static void deleteTree(Place place, TreePlan plan) throws IOException {
    TreeRun run = new TreeRun(plan);
    try (ParentRef at = Resolver.parent(place)) {
      if (!TreeDeletion.run(at, place.display(), run)) {
        throw new NoSuchFileException(place.display());
      }
    }
    run.finish();
  }

  /**
   * One entry of a walk.
   *
   * @param relative its lossless path relative to the root of the walk
   * @param stat its attributes, a link's own
   */
  public record TreeEntry(String relative, Stat stat) {}

  /**
   * Walks a tree, directories before their entries, links not followed. What vanishes meanwhile is
   * left out.
   *
   * @param place a directory
   * @param links whether a link at the end of the place is followed
   * @return all entries but the root itself, to be closed
   * @throws java.nio.file.NotDirectoryException if it is something else
   * @throws IOException if it cannot be opened
   */
  public static TreeWalk walk(Place place, LinkMode links) throws IOException {
    Dir root = place.anchor().openDir(place.route(), links);
    try {
      return new TreeWalk(root);
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.close(root, e);
      throw e;
    }
  }

  /**
   * Copies a tree. Links are copied themselves, but for one at the end of the source if the request
   * follows it. <i>Atomicity:</i> the target appears with all that was copied, by one rename.
   * <i>Durability:</i> content and names within the tree are synced before it appears, unless the
   * settings say {@code NONE}.
   *
   * @param source a file or directory
   * @param target the name of the copy
   * @param request how each object is copied; replacing is for a target that is a file or an empty
   *     directory
   * @param plan failures and progress; where it goes on after one, the target appears without that
   *     entry
   * @throws java.nio.file.FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws IOException the first failure that the plan does not ignore
   */
  public static void copyTree(Place source, Place target, CopyRequest request, TreePlan plan)
      throws IOException {
    try (FileHandle root = source.open(request.links())) {
      Stat stat = root.stat();
      if (stat.type() != FileType.DIRECTORY) {
        Copier.copy(source, target, request);
        return;
      }
      if (!target.route().hasName()) {
        Nameless.refuseTarget(target, stat, request.replace());
        return;
      }
      TreeRun run = new TreeRun(plan);
      try (ParentRef to = target.anchor().parent(target.route());
          Dir from = source.anchor().openDir(source.route(), request.links())) {
        Reopening.require(root, to);
        if (!TreeCopy.statOf(from).isSameFile(stat)) {
          throw new SourceChangedException(
              source.display(), target.display(), "replaced while it was opened");
        }
        if (!TargetCheck.isSame(to, stat, target.display(), request.replace())) {
          TreeCopy.Labels labels = new TreeCopy.Labels(source.display(), target.display());
          TreeCopy.run(from, to, labels, CopyPlan.of(request, source, target), run);
        }
      }
      run.finish();
    }
  }

  /**
   * Moves a tree: by one rename, else to another file system by a copy with every attribute,
   * published whole, and a deletion of those entries of the source that still are as they were
   * copied. Promise M3.
   *
   * @param source a file, link or directory
   * @param target its new name
   * @param request the options
   * @param plan progress; the first failure ends the copy, and nothing of it is left
   * @throws SourceChangedException if the source changed meanwhile; what changed was kept, and so
   *     was the copy
   * @throws IOException as for {@link Mover#move}, but for a directory with entries
   */
  public static void moveTree(Place source, Place target, MoveRequest request, TreePlan plan)
      throws IOException {
    if (!source.route().hasName() || !target.route().hasName()) {
      Mover.move(source, target, request);
      return;
    }
    boolean durable = request.durability() == MoveRequest.NameSync.DURABLE;
    Durability durability = durable ? Durability.FILE_AND_NAME : target.config().durability();
    try (Sides sides = Sides.open(source, target)) {
      UserPath.orHidden(target.display(), () -> TreeMove.run(sides, request, durability, plan));
    }
  }
}

package dev.safefs.op;

import dev.safefs.handle.Dir;
import dev.safefs.handle.Entry;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the subdirectories of a directory two at a time: the kernel locks each directory on its
 * own, and most of a deletion is spent there. What is left is for {@link TreeDeletion}.
 */
final class ParallelDeletion {
  /** With fewer, a thread costs more than it gains. */
  private static final int FEWEST = 8;

  private static final int MOST = 65_536;

  private final TreeRun run;
  private final Queue<Name> subdirectories = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private ParallelDeletion(TreeRun run) {
    this.run = run;
  }

  /**
   * Deletes subdirectories, if that pays.
   *
   * @param at the directory, not owned
   * @param run one that ends with its first failure, and tells nobody of progress
   * @throws IOException the first failure of a subdirectory
   */
  static void run(ParentRef at, TreeRun run) throws IOException {
    if (Runtime.getRuntime().availableProcessors() < 2) {
      return;
    }
    // A Dir is not for several threads.
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      Dir one;
      Dir other;
      ParallelDeletion deletion = new ParallelDeletion(run);
      try {
        one = scope.add(at.dir().openDir(at.name()));
        other = scope.add(at.dir().openDir(at.name()));
        deletion.read(one);
      } catch (FileSystemException e) {
        // Whatever it is, the deletion in order meets it, and tells what it means.
        return;
      }
      if (deletion.subdirectories.size() >= FEWEST) {
        deletion.work(one, other);
      }
    }
  }

  private void read(Dir dir) throws IOException {
    try (Listing listing = dir.list()) {
      for (Optional<Entry> entry = listing.next(); entry.isPresent(); entry = listing.next()) {
        if (entry.get().type() == FileType.DIRECTORY && subdirectories.size() < MOST) {
          subdirectories.add(entry.get().name());
        }
      }
    }
  }

  private void work(Dir one, Dir other) throws IOException {
    Thread helper = new Thread(() -> work(other), "safefs-delete");
    helper.setDaemon(true);
    helper.start();
    work(one);
    join(helper);
    Throwable first = failure.get();
    if (first instanceof IOException e) {
      throw e;
    }
    if (first instanceof RuntimeException e) {
      throw e;
    }
    if (first instanceof Error e) {
      throw e;
    }
  }

  private void work(Dir dir) {
    Name name = subdirectories.poll();
    while (name != null) {
      try {
        TreeDeletion.runSubdirectory(dir, name, run);
      } catch (IOException | RuntimeException | Error e) {
        failure.compareAndSet(null, e);
        subdirectories.clear();
      }
      name = subdirectories.poll();
    }
  }

  /** Waits for the helper whatever happens: it uses what the caller closes. */
  private static void join(Thread helper) {
    boolean interrupted = false;
    while (helper.isAlive()) {
      try {
        helper.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

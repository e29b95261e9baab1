package dev.safefs.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * A program whose threads all come upon the file system first at the same time. It imports nothing
 * of SafeFS.
 */
public final class FirstUse {
  private static final int OF_EACH = 2;

  private FirstUse() {}

  /**
   * Runs it.
   *
   * @param arguments a directory that exists
   * @throws Exception if a thread fails
   */
  public static void main(String[] arguments) throws Exception {
    String directory = arguments[0];
    List<Callable<?>> uses =
        List.of(
            () ->
                Files.writeString(Path.of(directory, Thread.currentThread().getName()), "content"),
            () -> Path.of(directory).toRealPath(),
            () -> list(directory),
            () ->
                Files.createTempFile(
                    Path.of(directory),
                    "first",
                    null,
                    PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rw-------"))),
            // Their initialisers use the file system, too.
            () -> Security.getProviders(),
            () -> Class.forName("java.lang.foreign.Linker").getMethod("nativeLinker").invoke(null));
    List<FutureTask<?>> tasks = new ArrayList<>();
    CyclicBarrier start = new CyclicBarrier(uses.size() * OF_EACH);
    for (int i = 0; i < uses.size() * OF_EACH; i++) {
      Callable<?> use = uses.get(i % uses.size());
      FutureTask<?> task =
          new FutureTask<>(
              () -> {
                start.await();
                return use.call();
              });
      tasks.add(task);
      new Thread(task, "thread-" + i).start();
    }
    for (FutureTask<?> task : tasks) {
      check(task);
    }
    if (!Files.readString(Path.of(directory, "thread-0"), StandardCharsets.UTF_8)
        .equals("content")) {
      throw new AssertionError("content");
    }
    System.out.println("all is well");
  }

  private static long list(String directory) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(directory))) {
      return entries.count();
    }
  }

  /** Java 17 has no Linker to be got at that way. */
  private static void check(FutureTask<?> task) throws Exception {
    try {
      task.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof ClassNotFoundException)) {
        throw e;
      }
    }
  }
}

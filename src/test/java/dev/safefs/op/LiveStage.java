package dev.safefs.op;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** A program that has something staged, says so, and stays like that until it is killed. */
public final class LiveStage {
  private static final long LONGEST_STAY_NANOSECONDS = 120_000_000_000L;

  private LiveStage() {}

  /**
   * Runs it.
   *
   * @param arguments {@code named} for a file in a private directory, {@code linked} for one whose
   *     staged name is beside the target, and the directory
   * @throws IOException if it cannot stage anything
   */
  public static void main(String[] arguments) throws IOException {
    Syscalls sys =
        arguments[0].equals("named")
            ? Meddler.after(
                PoorMount.withoutAnonymousFiles(Scene.kernel()), "fsync", LiveStage::stay)
            : Meddler.after(Scene.kernel(), "linkat", LiveStage::stay);
    OpenRequest request =
        OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), SafeConfig.confined());
    try (Scene scene = Scene.confined(Path.of(arguments[1]), sys, SafeConfig.confined());
        FileChannel channel = Opener.open(scene.place("file"), request)) {
      channel.write(ByteBuffer.wrap(new byte[] {'n', 'e', 'w'}));
    }
  }

  private static void stay() throws IOException {
    System.out.println("staged by process " + ProcessHandle.current().pid());
    // Its parent's end closes its input a moment before it is killed itself, and lets it not go on.
    long end = System.nanoTime() + LONGEST_STAY_NANOSECONDS;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(LONGEST_STAY_NANOSECONDS);
    }
  }
}

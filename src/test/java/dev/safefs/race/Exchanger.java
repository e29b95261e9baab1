package dev.safefs.race;

import dev.safefs.sys.Abi;
import dev.safefs.sys.Syscalls;
import dev.safefs.sys.SyscallsLoader;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An attacker in a process of its own, which swaps two names by RENAME_EXCHANGE until it is closed.
 */
final class Exchanger implements AutoCloseable {
  private static final int BETWEEN_CHECKS = 1000;

  private final Process process;

  private Exchanger(Process process) {
    this.process = process;
  }

  /** Starts the process and waits until it swaps. */
  static Exchanger start(Path a, Path b) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(
        List.of("-Xshare:auto", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Exchanger.class.getName(), a.toString(), b.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    if (!"swapping".equals(output.readLine())) {
      throw new IOException("the attacker does not swap");
    }
    return new Exchanger(process);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.getOutputStream().close();
    process.waitFor();
  }

  /** The process: swaps until its standard input ends, an even number of times. */
  public static void main(String[] names) throws Exception {
    byte[] a = (names[0] + '\0').getBytes(StandardCharsets.UTF_8);
    byte[] b = (names[1] + '\0').getBytes(StandardCharsets.UTF_8);
    Syscalls sys = SyscallsLoader.load();
    Thread swapper = new Thread(() -> swap(sys, a, b));
    swapper.setDaemon(true);
    swapper.start();
    while (System.in.read() >= 0) {
      // Nothing is ever written.
    }
    over = true;
    swapper.join();
  }

  private static volatile boolean over;

  private static void swap(Syscalls sys, byte[] a, byte[] b) {
    boolean isTold = false;
    while (!over) {
      for (int i = 0; i < BETWEEN_CHECKS; i++) {
        int result = sys.renameat2(Abi.AT_FDCWD, a, Abi.AT_FDCWD, b, Abi.RENAME_EXCHANGE);
        if (result < 0 && !isTold) {
          System.out.println("renameat2: " + result);
          return;
        }
      }
      if (!isTold) {
        System.out.println("swapping");
        isTold = true;
      }
    }
  }
}

package client;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.safefs.SafeConfig;
import dev.safefs.SafeFileSystems;
import dev.safefs.SafeFiles;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A server that runs an application in a class loader of its own, SafeFS with it, and undeploys it.
 */
public final class Redeployed {
  private Redeployed() {}

  /**
   * Runs it.
   *
   * @param arguments an empty directory, and how many seconds to wait for the class loader to go
   * @throws Exception if the application fails
   */
  public static void main(String[] arguments) throws Exception {
    WeakReference<ClassLoader> undeployed = deploy(arguments[0]);
    long longest = Integer.parseInt(arguments[1]) * 1_000_000_000L;
    long begin = System.nanoTime();
    while (undeployed.get() != null && System.nanoTime() - begin < longest) {
      System.gc();
      Thread.onSpinWait();
    }
    System.out.println(undeployed.get() == null ? "collected" : "still there");
  }

  private static WeakReference<ClassLoader> deploy(String directory) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(":")) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]), platform)) {
      @SuppressWarnings("unchecked")
      Consumer<String> application =
          (Consumer<String>)
              loader.loadClass("client.Redeployed$Application").getConstructor().newInstance();
      application.accept(directory);
      return new WeakReference<>(loader);
    }
  }

  /** An application that closes its file system, and forgets what else it has opened. */
  public static final class Application implements Consumer<String> {
    private static final List<Closeable> OPEN = new ArrayList<>();

    @Override
    public void accept(String directory) {
      try {
        URI uri = URI.create("safe://" + directory);
        FileSystem safe =
            FileSystems.newFileSystem(
                uri, Map.of("strictness", "BEST_EFFORT"), getClass().getClassLoader());
        OPEN.add(safe);
        Files.writeString(safe.getPath("/file"), "content");
        Path copy = Path.of(directory, "copy");
        SafeFiles.copy(Path.of(directory, "file"), copy);
        SafeConfig config = SafeConfig.confined().with("strictness", "BEST_EFFORT");
        OPEN.add(SafeFileSystems.over(copy.getParent(), config));
        System.out.println("copied: " + Files.readString(copy));
        OPEN.add(FileChannel.open(safe.getPath("/file"), WRITE, TRUNCATE_EXISTING));
        OPEN.add(Files.newOutputStream(safe.getPath("/new")));
        OPEN.add(AsynchronousFileChannel.open(safe.getPath("/asynchronous"), WRITE, CREATE));
        OPEN.add(
            AsynchronousFileChannel.open(safe.getPath("/file"), WRITE, TRUNCATE_EXISTING, CREATE));
        OPEN.add(Files.newByteChannel(safe.getPath("/file")));
        OPEN.add(Files.newDirectoryStream(safe.getPath("/")));
        safe.close();
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}

package dev.safefs;

import dev.safefs.handle.Engine;
import dev.safefs.linux.LinuxEngine;
import dev.safefs.sys.SyscallsLoader;
import dev.safefs.sys.SyscallsUnavailableException;
import java.nio.file.FileSystem;
import java.nio.file.spi.FileSystemProvider;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Loads the engine of a provider on first need. Loading goes through the default file system itself
 * (class files, unpacked natives), so calls of the loading thread are to be served by the delegate
 * meanwhile; other threads wait.
 */
final class EngineSelector {

  /** Makes an engine. */
  @FunctionalInterface
  interface Loader {
    /**
     * Loads what the engine needs.
     *
     * @param provider the delegate
     * @param fileSystem its file system
     * @return the engine
     * @throws SyscallsUnavailableException saying why it cannot be loaded and what changes that
     */
    Engine load(FileSystemProvider provider, FileSystem fileSystem)
        throws SyscallsUnavailableException;
  }

  private final Loader loader;
  private final ReentrantLock loading = new ReentrantLock();
  private volatile @Nullable Engine engine;

  EngineSelector(Loader loader) {
    this.loader = loader;
  }

  /** Returns a selector of the engine for this machine. */
  static EngineSelector forThisMachine() {
    return new EngineSelector(
        (provider, fileSystem) -> new LinuxEngine(SyscallsLoader.load(), provider, fileSystem));
  }

  /** Tells whether the calling thread is loading the engine, so that there is none for it yet. */
  boolean isLoading() {
    return engine == null && loading.isHeldByCurrentThread();
  }

  /** Tells whether the engine is there, so that no call has to wait for it. */
  boolean isLoaded() {
    return engine != null;
  }

  /**
   * Returns the engine.
   *
   * @param delegate what it is for
   * @param display the user's path, for messages
   * @throws GuaranteeUnavailableException if it cannot be loaded; its reason says what to change
   */
  Engine engine(Delegate delegate, String display) throws GuaranteeUnavailableException {
    Engine loaded = engine;
    return loaded != null ? loaded : load(delegate, display);
  }

  private Engine load(Delegate delegate, String display) throws GuaranteeUnavailableException {
    loading.lock();
    try {
      Engine loaded = engine;
      if (loaded == null) {
        loaded = loader.load(delegate.provider(), delegate.fileSystem());
        engine = loaded;
      }
      return loaded;
    } catch (SyscallsUnavailableException e) {
      GuaranteeUnavailableException failure =
          new GuaranteeUnavailableException(display, null, "no engine: " + e.getMessage());
      failure.initCause(e);
      throw failure;
    } finally {
      loading.unlock();
    }
  }
}

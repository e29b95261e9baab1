package dev.safefs;

import dev.safefs.handle.Anchor;
import dev.safefs.handle.Engine;
import dev.safefs.linux.LinuxEngine;
import dev.safefs.op.Downgrade;
import dev.safefs.portable.Gaps;
import dev.safefs.portable.Hold;
import dev.safefs.portable.PortableEngine;
import dev.safefs.portable.Promise;
import dev.safefs.sys.SyscallsLoader;
import dev.safefs.sys.SyscallsUnavailableException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.FileSystem;
import java.nio.file.Path;
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

  /** Gaps that best effort accepts. */
  static final Gaps GAPS =
      (gap, path) -> Downgrade.accept(Strictness.BEST_EFFORT, path, gap.promise(), gap.reason());

  private final Loader loader;
  private final ReentrantLock loading = new ReentrantLock();
  private volatile @Nullable Engine engine;
  private volatile @Nullable Engine fallback;

  EngineSelector(Loader loader) {
    this.loader = loader;
  }

  /** Returns a selector of the engine for this machine. */
  static EngineSelector forThisMachine() {
    return new EngineSelector(
        (provider, fileSystem) -> new LinuxEngine(SyscallsLoader.load(), provider, fileSystem));
  }

  /**
   * Opens a directory of any provider as a confining anchor, over that provider's own calls.
   *
   * @param root the directory, never a wrapped path
   * @param config the settings
   * @return the anchor, to be closed
   * @throws GuaranteeUnavailableException if the provider holds no directories open and the
   *     settings are strict
   * @throws IOException if it cannot be opened or is no directory
   */
  static Anchor confineAnywhere(Path root, SafeConfig config) throws IOException {
    boolean isStrict = config.strictness() == Strictness.STRICT;
    FileSystem fileSystem = root.getFileSystem();
    PortableEngine engine =
        new PortableEngine(fileSystem.provider(), fileSystem, isStrict ? Gaps.REFUSED : GAPS);
    Anchor anchor = engine.confine(root, "/", config.links(), config.mounts());
    if (isStrict && engine.holds(anchor) != Hold.OPEN) {
      anchor.close();
      throw new GuaranteeUnavailableException(
          "/",
          null,
          "R1 (beneath): the provider has no secure directory streams, so that races are only"
              + " detected; strictness=BEST_EFFORT accepts that");
    }
    return anchor;
  }

  /** Returns a guarantee as it holds at an anchor whose engine is another than the kernel's. */
  static Guarantees.Guarantee asHeld(Anchor anchor, Guarantees.Guarantee guarantee) {
    return Promise.of(anchor, guarantee.promise(), guarantee.subject())
        .map(
            promise ->
                new Guarantees.Guarantee(
                    guarantee.promise(),
                    guarantee.subject(),
                    Guarantees.State.valueOf(promise.level().name()),
                    promise.mechanism()))
        .filter(held -> isNoBetter(held, guarantee))
        .orElse(guarantee);
  }

  /** What settings make unavailable stays so. */
  private static boolean isNoBetter(Guarantees.Guarantee held, Guarantees.Guarantee guarantee) {
    return held.state() == Guarantees.State.UNAVAILABLE
        || guarantee.state() != Guarantees.State.UNAVAILABLE;
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
   * Returns the engine. Where it cannot be loaded best effort gets that over the delegate's own
   * calls, with a record of it, and what that cannot keep is told by {@link Guarantees}.
   *
   * @param delegate what it is for
   * @param strictness whether there is to be no other
   * @param display the user's path, for messages
   * @throws GuaranteeUnavailableException if it is strict and cannot be loaded; its reason says
   *     what to change
   */
  Engine engine(Delegate delegate, Strictness strictness, String display)
      throws GuaranteeUnavailableException {
    Engine second = fallback;
    if (strictness == Strictness.BEST_EFFORT && second != null) {
      return second;
    }
    try {
      return engine(delegate, display);
    } catch (GuaranteeUnavailableException e) {
      if (strictness == Strictness.STRICT) {
        throw e;
      }
      return fallBack(delegate, display, String.valueOf(e.getReason()));
    }
  }

  /** Set before it is logged, which may itself need files. */
  private Engine fallBack(Delegate delegate, String display, String reason)
      throws GuaranteeUnavailableException {
    Engine portable;
    synchronized (this) {
      Engine made = fallback;
      if (made != null) {
        return made;
      }
      portable = new PortableEngine(delegate.provider(), delegate.fileSystem(), GAPS);
      fallback = portable;
    }
    Downgrade.accept(
        Strictness.BEST_EFFORT,
        display,
        "what needs this machine's own engine is",
        reason + "; the portable engine serves, and guarantees tell what it keeps");
    return portable;
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
    Object silence = SyscallsLoader.silenceLog();
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
      Reference.reachabilityFence(silence);
    }
  }
}

package dev.safefs;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;

/**
 * What a provider lies over.
 *
 * @param provider the JDK's own default provider, or any other that is asked to stand in for it
 * @param fileSystem its file system
 * @param codec the conversion of its paths
 * @param engines where the engine for it comes from
 */
record Delegate(
    FileSystemProvider provider, FileSystem fileSystem, PathCodec codec, EngineSelector engines) {

  /** The URI of every default file system. */
  static final URI ROOT_URI = URI.create("file:///");

  /** Returns the delegate whose default file system a provider has. */
  static Delegate of(FileSystemProvider provider, EngineSelector engines) {
    FileSystem fileSystem = provider.getFileSystem(ROOT_URI);
    return new Delegate(provider, fileSystem, new PathCodec(fileSystem), engines);
  }

  /** Returns the root of the machine's namespace. */
  Path root() {
    return fileSystem.getRootDirectories().iterator().next();
  }

  /** Tells whether files have views of a type. */
  boolean hasView(Class<? extends FileAttributeView> type) {
    return provider.getFileAttributeView(root(), type) != null;
  }
}

package dev.safefs;

import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Space;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The store of a file that is kept beneath a directory, without the device and mount point that its
 * name tells. Promise R4. What changes is asked of the file as it is found then.
 */
final class SafeFileStore extends FileStore {
  private final AttributeViews.Subject file;
  private final FileStore delegate;

  private SafeFileStore(AttributeViews.Subject file, FileStore delegate) {
    this.file = file;
    this.delegate = delegate;
  }

  /** Returns the store of a file. */
  static SafeFileStore of(AttributeViews.Subject file) throws IOException {
    try (FileHandle handle = file.open()) {
      return new SafeFileStore(file, handle.fileStore());
    }
  }

  @Override
  public String name() {
    return delegate.type();
  }

  @Override
  public String type() {
    return delegate.type();
  }

  @Override
  public boolean isReadOnly() {
    return delegate.isReadOnly();
  }

  @Override
  public long getTotalSpace() throws IOException {
    return ask(Space::totalBytes, FileStore::getTotalSpace);
  }

  @Override
  public long getUsableSpace() throws IOException {
    return ask(Space::usableBytes, FileStore::getUsableSpace);
  }

  @Override
  public long getUnallocatedSpace() throws IOException {
    return ask(Space::unallocatedBytes, FileStore::getUnallocatedSpace);
  }

  @Override
  public long getBlockSize() throws IOException {
    return ask(Space::blockSizeBytes, FileStore::getBlockSize);
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    return delegate.supportsFileAttributeView(type);
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return delegate.supportsFileAttributeView(name);
  }

  @Override
  public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
    return delegate.getFileStoreAttributeView(type);
  }

  @Override
  public Object getAttribute(String attribute) throws IOException {
    return ask(store -> store.getAttribute(attribute));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SafeFileStore store && delegate.equals(store.delegate);
  }

  @Override
  public int hashCode() {
    return delegate.hashCode();
  }

  @Override
  public String toString() {
    return "/ (" + name() + ")";
  }

  private long ask(ToLongFunction<Space> held, Question<Long> question) throws IOException {
    try (FileHandle handle = file.open()) {
      Optional<Space> space = handle.space();
      return space.isPresent() ? held.applyAsLong(space.get()) : question.of(handle.fileStore());
    }
  }

  /** The delegate's store knows a path that is good only while the file is open. */
  private <R> R ask(Question<R> question) throws IOException {
    try (FileHandle handle = file.open()) {
      return question.of(handle.fileStore());
    }
  }

  /** Something to ask a store. */
  @FunctionalInterface
  private interface Question<R> {
    R of(FileStore store) throws IOException;
  }
}

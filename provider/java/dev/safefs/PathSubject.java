package dev.safefs;

import dev.safefs.handle.FileHandle;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of what is found by a path.
 *
 * @param path the path
 * @param links whether a link at its end is followed
 */
record PathSubject(SafePath path, LinkMode links) implements AttributeViews.Subject {

  @Override
  public FileHandle open() throws IOException {
    return path.place().open(links);
  }

  @Override
  public <V extends FileAttributeView, R> R read(Class<V> type, AttributeViews.Call<V, R> call)
      throws IOException {
    return path.isServedByDelegate()
        ? call.on(delegateView(type))
        : AttributeViews.Subject.super.read(type, call);
  }

  @Override
  public <V extends FileAttributeView, R> R change(Class<V> type, AttributeViews.Call<V, R> call)
      throws IOException {
    return path.isLoading()
        ? call.on(delegateView(type))
        : AttributeViews.Subject.super.change(type, call);
  }

  /** Returns a view, or null if the delegate has none of that type. */
  <V extends FileAttributeView> @Nullable V view(Class<V> type) {
    return delegate().getFileAttributeView(path.inner(), type, options()) == null
        ? null
        : AttributeViews.of(type, this);
  }

  /** Reads attributes by type. */
  <A extends BasicFileAttributes> A readAttributes(Class<A> type) throws IOException {
    if (type != DosFileAttributes.class && path.isServedByDelegate()) {
      return delegate().readAttributes(path.inner(), type, options());
    }
    BasicFileAttributeView view = view(viewOf(type));
    if (view == null) {
      throw new UnsupportedOperationException(type + " not supported");
    }
    return type.cast(view.readAttributes());
  }

  /** Reads attributes by name. */
  Map<String, Object> readAttributes(String attributes) throws IOException {
    AttributeNames.checkReadable(attributes, path.getFileSystem().supportedFileAttributeViews());
    if (isOneCall(attributes) ? path.isServedByDelegate() : path.isLoading()) {
      return delegate().readAttributes(path.inner(), attributes, options());
    }
    try (FileHandle file = open()) {
      return file.readAttributes(attributes);
    }
  }

  /** Sets an attribute by name. */
  void setAttribute(String attribute, Object value) throws IOException {
    AttributeNames.checkSettable(
        attribute, value, path.getFileSystem().supportedFileAttributeViews());
    if (isOneChange(attribute) ? isChangedByDelegate() : path.isLoading()) {
      delegate().setAttribute(path.inner(), attribute, value, options());
    } else {
      try (FileHandle file = open()) {
        file.setAttribute(attribute, value);
      }
    }
  }

  /** {@code chmod} and {@code chown} pin nothing that they would not find themselves. */
  @Override
  public <V extends FileAttributeView, R> R changeInOneCall(
      Class<V> type, AttributeViews.Call<V, R> call) throws IOException {
    return isChangedByDelegate() ? call.on(delegateView(type)) : change(type, call);
  }

  private <V extends FileAttributeView> V delegateView(Class<V> type) {
    return Objects.requireNonNull(delegate().getFileAttributeView(path.inner(), type, options()));
  }

  /** Told not to follow links, JDK 25 follows them, and JDK 17 opens the file. */
  private boolean isChangedByDelegate() {
    return links == LinkMode.FOLLOW ? path.isServedByDelegate() : path.isLoading();
  }

  private FileSystemProvider delegate() {
    return path.getFileSystem().delegate().provider();
  }

  private LinkOption[] options() {
    return links == LinkMode.FOLLOW
        ? new LinkOption[0]
        : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
  }

  private static Class<? extends BasicFileAttributeView> viewOf(
      Class<? extends BasicFileAttributes> type) {
    if (type == PosixFileAttributes.class) {
      return PosixFileAttributeView.class;
    }
    if (type == DosFileAttributes.class) {
      return DosFileAttributeView.class;
    }
    if (type == BasicFileAttributes.class) {
      return BasicFileAttributeView.class;
    }
    throw new UnsupportedOperationException(Objects.requireNonNull(type) + " not supported");
  }

  /** The JDK opens the file for the other views, which may hang. */
  private static boolean isOneCall(String attributes) {
    return !attributes.startsWith("dos:") && !attributes.startsWith("user:");
  }

  private static boolean isOneChange(String attribute) {
    return !attribute.startsWith("user:")
        && AttributeNames.isOwnership(attribute.substring(attribute.indexOf(':') + 1));
  }
}

package dev.safefs.linux;

import dev.safefs.handle.FileType;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Structs;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attribute views of an open object. They are the delegate's, reached through procfs for one
 * call at a time; but for times and the view {@code user}, for which the delegate would open the
 * object.
 */
final class HandleViews {
  private static final Set<String> TIMES =
      Set.of("lastModifiedTime", "lastAccessTime", "creationTime");
  private static final Set<String> VIEWS_WITH_TIMES = Set.of("basic", "posix", "unix", "dos");

  private final FdFile file;

  HandleViews(FdFile file) {
    this.file = file;
  }

  <V extends FileAttributeView> Optional<V> view(Class<V> type) {
    @Nullable FileAttributeView view = null;
    if (type == BasicFileAttributeView.class) {
      view = new BasicView(this);
    } else if (type == PosixFileAttributeView.class) {
      view = new PosixView(this);
    } else if (type == FileOwnerAttributeView.class) {
      view = new OwnerView(this);
    } else if (type == DosFileAttributeView.class) {
      view = new DosView(this);
    } else if (type == UserDefinedFileAttributeView.class) {
      view = new UserView(file);
    }
    return Optional.ofNullable(view).map(type::cast);
  }

  Map<String, Object> read(String attributes) throws IOException {
    String view = view(attributes);
    if (view.equals("user")) {
      return new UserView(file).read(name(attributes));
    }
    if (view.equals("dos")) {
      checkOpenable();
    }
    return file.viaDelegate((delegate, path) -> delegate.readAttributes(path, attributes));
  }

  void set(String attribute, Object value) throws IOException {
    String view = view(attribute);
    String name = name(attribute);
    if (view.equals("user")) {
      new UserView(file).set(name, value);
    } else if (TIMES.contains(name) && VIEWS_WITH_TIMES.contains(view)) {
      FileTime time = (FileTime) value;
      setTimes(
          name.equals("lastModifiedTime") ? time : null,
          name.equals("lastAccessTime") ? time : null);
    } else {
      if (view.equals("dos")) {
        checkOpenable();
      }
      file.<Optional<Object>>viaDelegate(
          (delegate, path) -> {
            delegate.setAttribute(path, attribute, value);
            return Optional.empty();
          });
    }
  }

  /** Sets the times that are given. */
  void setTimes(@Nullable FileTime modified, @Nullable FileTime accessed) throws IOException {
    if (modified == null && accessed == null) {
      return;
    }
    Instant atime = accessed == null ? Instant.EPOCH : accessed.toInstant();
    Instant mtime = modified == null ? Instant.EPOCH : modified.toInstant();
    file.setTimes(
        Structs.timespecs(
            atime.getEpochSecond(),
            accessed == null ? Abi.UTIME_OMIT : atime.getNano(),
            mtime.getEpochSecond(),
            modified == null ? Abi.UTIME_OMIT : mtime.getNano()));
  }

  /** Something done with a view of the delegate. */
  @FunctionalInterface
  interface Read<V, T> {
    T from(V view) throws IOException;
  }

  /** Something done with a view of the delegate that returns nothing. */
  @FunctionalInterface
  interface Write<V> {
    void to(V view) throws IOException;
  }

  <V extends FileAttributeView, T> T read(Class<V> type, Read<V, T> read) throws IOException {
    return file.viaDelegate(
        (delegate, path) -> read.from(delegate.getFileAttributeView(path, type)));
  }

  <V extends FileAttributeView> void write(Class<V> type, Write<V> write) throws IOException {
    read(
        type,
        view -> {
          write.to(view);
          return Optional.empty();
        });
  }

  /** Refuses what the delegate's view {@code dos} would open, and hang or set off a device. */
  void checkOpenable() throws IOException {
    FileType type = file.type();
    if (type != FileType.REGULAR && type != FileType.DIRECTORY) {
      throw new FileSystemException(file.display(), null, "has no DOS attributes");
    }
  }

  private static String view(String attribute) {
    int colon = attribute.indexOf(':');
    return colon < 0 ? "basic" : attribute.substring(0, colon);
  }

  private static String name(String attribute) {
    return attribute.substring(attribute.indexOf(':') + 1);
  }
}

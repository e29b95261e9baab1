package dev.safefs.linux;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.FileType;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Structs;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The attribute views of an open object. They are the delegate's, reached through procfs for one
 * call at a time; but for times and the view {@code user}, for which the delegate would open the
 * object, and for what the descriptor itself tells where there is no procfs.
 */
final class HandleViews {
  private static final int UNCHANGED = -1;
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
    if (!file.isReachable() && !view.equals("dos")) {
      return select(held().byName(view), name(attributes));
    }
    try {
      return file.viaDelegate((delegate, path) -> delegate.readAttributes(path, attributes));
    } catch (FileSystemException e) {
      return select(byName(instead(e), view), name(attributes));
    }
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
    } else if (!file.isReachable() && !view.equals("dos")) {
      setHeld(name, value);
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

  void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
    if (file.isReachable()) {
      write(PosixFileAttributeView.class, view -> view.setPermissions(permissions));
    } else {
      file.setMode(HeldAttributes.mode(permissions));
    }
  }

  void setOwner(UserPrincipal owner) throws IOException {
    if (file.isReachable()) {
      write(FileOwnerAttributeView.class, view -> view.setOwner(owner));
    } else {
      file.setOwner(require(owner, file.principals().id(owner)), UNCHANGED);
    }
  }

  void setGroup(GroupPrincipal group) throws IOException {
    if (file.isReachable()) {
      write(PosixFileAttributeView.class, view -> view.setGroup(group));
    } else {
      file.setOwner(UNCHANGED, require(group, file.principals().id(group)));
    }
  }

  /** Sets what is no time, without the delegate. */
  private void setHeld(String name, Object value) throws IOException {
    switch (name) {
      case "permissions" -> setPermissions(permissions(value));
      case "owner" -> setOwner((UserPrincipal) value);
      case "group" -> setGroup((GroupPrincipal) value);
      case "mode" -> file.setMode((Integer) value);
      case "uid" -> file.setOwner((Integer) value, UNCHANGED);
      case "gid" -> file.setOwner(UNCHANGED, (Integer) value);
      default -> throw new IllegalArgumentException("'" + name + "' not recognized");
    }
  }

  private static Set<PosixFilePermission> permissions(Object value) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    ((Set<?>) value).forEach(each -> permissions.add((PosixFilePermission) each));
    return permissions;
  }

  private int require(UserPrincipal principal, OptionalInt id) throws IOException {
    if (id.isPresent()) {
      return id.getAsInt();
    }
    throw new GuaranteeUnavailableException(
        file.display(), null, "A1: without procfs no number is known of " + principal);
  }

  private HeldAttributes held() throws IOException {
    return HeldAttributes.of(file.stat(), file.principals());
  }

  private static Map<String, Object> select(Map<String, Object> all, String names) {
    List<String> wanted = List.of(names.split(","));
    Map<String, Object> selected = new LinkedHashMap<>(all);
    if (!wanted.contains("*")) {
      selected.keySet().retainAll(wanted);
    }
    return selected;
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

  /** Reads by a view of the delegate, or without procfs what the descriptor tells. */
  <V extends FileAttributeView, T> T read(
      Class<V> type, Read<V, T> read, Function<HeldAttributes, T> held) throws IOException {
    if (!file.isReachable()) {
      return held.apply(held());
    }
    try {
      return read(type, read);
    } catch (FileSystemException e) {
      return held.apply(instead(e));
    }
  }

  /**
   * Returns what the descriptor tells where the delegate failed because procfs has gone, or because
   * statx(2) is denied, by which alone the newer JDKs ask. The delegate's words for that depend on
   * the locale, so the kernel is asked for itself. Promise K4.
   *
   * @throws IOException the failure, if it is any other
   */
  private HeldAttributes instead(FileSystemException failure) throws IOException {
    if (file.isReachable() && !file.isStatxDenied()) {
      throw failure;
    }
    try {
      return held();
    } catch (IOException e) {
      failure.addSuppressed(e);
      throw failure;
    }
  }

  private Map<String, Object> byName(HeldAttributes held, String view) throws IOException {
    return view.equals("dos") ? HeldDosAttributes.of(file, held).byName() : held.byName(view);
  }

  /** Reads by the delegate's view {@code dos}, or where statx(2) is denied what it would read. */
  DosFileAttributes readDos() throws IOException {
    checkOpenable();
    try {
      return read(DosFileAttributeView.class, DosFileAttributeView::readAttributes);
    } catch (FileSystemException e) {
      return HeldDosAttributes.of(file, instead(e));
    }
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
    FileType type = file.seen().type();
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

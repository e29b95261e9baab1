package dev.safefs.linux;

import dev.safefs.handle.FileType;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The view {@code user} with the JDK's outcomes, which itself would open the file, and hang on a
 * FIFO.
 */
final class UserView implements UserDefinedFileAttributeView {
  private static final String NAMESPACE = "user.";
  private static final int READ_TRIES = 16;

  private final Xattrs xattrs;
  private final FdFile file;
  private final String display;

  UserView(FdFile file) {
    this.file = file;
    this.xattrs = file.xattrs();
    this.display = file.display();
  }

  @Override
  public String name() {
    return "user";
  }

  @Override
  public List<String> list() throws IOException {
    if (file.stat().type() == FileType.SYMLINK) {
      // The JDK cannot open one; the kernel would list none, because links have no user attributes.
      throw failure("Unable to get list of extended attributes", "open", -Errno.ELOOP);
    }
    Xattrs.Listed listed = xattrs.list();
    if (listed.result() < 0) {
      throw failure("Unable to get list of extended attributes", "listxattr", listed.result());
    }
    return listed.names().stream()
        .filter(name -> name.startsWith(NAMESPACE) && name.length() > NAMESPACE.length())
        .map(name -> name.substring(NAMESPACE.length()))
        .toList();
  }

  @Override
  public int size(String name) throws IOException {
    int size = xattrs.get(key(name), new byte[0]);
    if (size < 0) {
      String what = "Unable to get size of extended attribute '" + name + "'";
      throw failure(what, "getxattr", size);
    }
    return size;
  }

  @Override
  public int read(String name, ByteBuffer dst) throws IOException {
    if (dst.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
    byte[] value = new byte[dst.remaining()];
    int length = xattrs.get(key(name), value);
    if (value.length == 0 && length > 0) {
      length = -Errno.ERANGE;
    }
    String what = "Error reading extended attribute '" + name + "'";
    if (length == -Errno.ERANGE) {
      throw new FileSystemException(display, null, what + ": Insufficient space in buffer");
    }
    if (length < 0) {
      throw failure(what, "getxattr", length);
    }
    dst.put(value, 0, length);
    return length;
  }

  @Override
  public int write(String name, ByteBuffer src) throws IOException {
    String key = key(name);
    byte[] value = new byte[src.remaining()];
    src.duplicate().get(value);
    int result = xattrs.set(key, value);
    if (result < 0) {
      String what = "Error writing extended attribute '" + name + "'";
      throw failure(what, "setxattr", result);
    }
    src.position(src.limit());
    return value.length;
  }

  @Override
  public void delete(String name) throws IOException {
    int result = xattrs.remove(key(name));
    if (result < 0) {
      String what = "Unable to delete extended attribute '" + name + "'";
      throw failure(what, "removexattr", result);
    }
  }

  /** Reads attributes by name, {@code *} for all. */
  Map<String, Object> read(String attributes) throws IOException {
    List<String> names = List.of(attributes.split(","));
    if (names.contains("*")) {
      names = list();
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : names) {
      values.put(name, value(name));
    }
    return values;
  }

  /** Sets an attribute to an array or buffer. */
  void set(String name, Object value) throws IOException {
    write(name, value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : (ByteBuffer) value);
  }

  private byte[] value(String name) throws IOException {
    int length = -Errno.ERANGE;
    for (int i = 0; length == -Errno.ERANGE && i < READ_TRIES; i++) {
      byte[] value = new byte[size(name)];
      if (value.length == 0) {
        return value;
      }
      length = xattrs.get(key(name), value);
      if (length >= 0) {
        return Arrays.copyOf(value, length);
      }
    }
    throw failure("Error reading extended attribute '" + name + "'", "getxattr", length);
  }

  private String key(String name) throws IOException {
    String key = NAMESPACE + Objects.requireNonNull(name);
    if (CString.of(key).length - 1 > Abi.NAME_MAX) {
      throw new FileSystemException(display, null, "'" + key + "' is too big");
    }
    return key;
  }

  private IOException failure(String what, String call, int result) {
    if (result == -Errno.EACCES) {
      return Errnos.exception(call, result, display);
    }
    return new FileSystemException(display, null, what + ": " + Errnos.reason(call, result));
  }
}

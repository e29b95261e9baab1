package dev.safefs.linux;

import dev.safefs.sys.Abi;
import dev.safefs.sys.Syscalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The delegate's users and groups by number, for where it cannot be asked about an open object.
 * Names come from {@code /etc/passwd} and {@code /etc/group}, and are believed if the delegate
 * takes name and number for the same; whom these do not know has the number for a name.
 */
final class Principals {
  private static final byte[] USERS = CString.of("/etc/passwd");
  private static final byte[] GROUPS = CString.of("/etc/group");
  private static final int BUFFER_BYTES = 8192;
  private static final int LIMIT_BYTES = 1 << 20;
  private static final int ID_FIELD = 2;

  private final Syscalls sys;
  private final FileSystem delegate;

  Principals(Syscalls sys, FileSystem delegate) {
    this.sys = sys;
    this.delegate = delegate;
  }

  /** Looks a principal up by its name. */
  @FunctionalInterface
  private interface Lookup<P extends UserPrincipal> {
    P of(String name) throws IOException;
  }

  UserPrincipal user(int id) throws IOException {
    return principal(id, USERS, lookup()::lookupPrincipalByName);
  }

  GroupPrincipal group(int id) throws IOException {
    return principal(id, GROUPS, lookup()::lookupPrincipalByGroupName);
  }

  /** Returns a user's number, or nothing if it is not to be found out. */
  OptionalInt id(UserPrincipal user) throws IOException {
    return id(user, USERS, lookup()::lookupPrincipalByName);
  }

  /** Returns a group's number, or nothing if it is not to be found out. */
  OptionalInt id(GroupPrincipal group) throws IOException {
    return id(group, GROUPS, lookup()::lookupPrincipalByGroupName);
  }

  private UserPrincipalLookupService lookup() {
    return delegate.getUserPrincipalLookupService();
  }

  private <P extends UserPrincipal> P principal(int id, byte[] table, Lookup<P> lookup)
      throws IOException {
    String number = Integer.toString(id);
    P byNumber = lookup.of(number);
    Optional<String> name =
        entries(table).stream()
            .filter(fields -> fields[ID_FIELD].equals(Integer.toUnsignedString(id)))
            .map(fields -> fields[0])
            .findFirst();
    if (name.isEmpty()) {
      return byNumber;
    }
    P byName = lookup.of(name.get());
    return byName.equals(byNumber) ? byName : byNumber;
  }

  private <P extends UserPrincipal> OptionalInt id(P principal, byte[] table, Lookup<P> lookup)
      throws IOException {
    String name = principal.getName();
    Optional<String> listed =
        entries(table).stream()
            .filter(fields -> fields[0].equals(name))
            .map(fields -> fields[ID_FIELD])
            .findFirst();
    try {
      int id = listed.map(Integer::parseUnsignedInt).orElseGet(() -> Integer.parseInt(name));
      boolean isSame = lookup.of(Integer.toString(id)).equals(principal);
      return isSame ? OptionalInt.of(id) : OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** Returns the fields of the lines, as passwd(5) and group(5) have them. */
  private List<String[]> entries(byte[] table) {
    return text(table)
        .lines()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length > ID_FIELD)
        .toList();
  }

  /** Returns what can be read. */
  private String text(byte[] path) {
    int flags = Abi.O_RDONLY | Abi.O_NONBLOCK | Abi.O_CLOEXEC;
    int fd = sys.openat(Abi.AT_FDCWD, path, flags, 0);
    if (fd < 0) {
      return "";
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int length = sys.read(fd, buffer, buffer.length);
        length > 0 && text.size() < LIMIT_BYTES;
        length = sys.read(fd, buffer, buffer.length)) {
      text.write(buffer, 0, length);
    }
    sys.close(fd);
    return text.toString(StandardCharsets.UTF_8);
  }
}

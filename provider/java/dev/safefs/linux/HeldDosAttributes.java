package dev.safefs.linux;

import dev.safefs.handle.Stat;
import dev.safefs.handle.StatAttributes;
import dev.safefs.sys.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.attribute.DosFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The view {@code dos} as an open object's descriptor tells it, from where the JDK, Samba and Wine
 * keep it: for where the delegate asks by statx(2) alone, which is denied.
 *
 * @param held the other attributes
 * @param bits of {@code user.DOSATTRIB}
 */
record HeldDosAttributes(HeldAttributes held, int bits)
    implements StatAttributes, DosFileAttributes {
  private static final String NAME = "user.DOSATTRIB";

  /** As the JDK writes it: a number and perhaps a NUL. */
  private static final Pattern BITS = Pattern.compile("0x([0-9a-fA-F]{1,7})\0?");

  private static final int LONGEST = 24;
  private static final int READ_ONLY = 0x01;
  private static final int HIDDEN = 0x02;
  private static final int SYSTEM = 0x04;
  private static final int ARCHIVE = 0x20;

  static HeldDosAttributes of(FdFile file, HeldAttributes held) throws IOException {
    byte[] value = new byte[LONGEST];
    int length = file.xattrs().get(NAME, value);
    if (length < 0 && length != -Errno.ENODATA) {
      throw Errnos.exception("getxattr", length, file.display());
    }
    return new HeldDosAttributes(held, length < 0 ? 0 : bits(value, length, file.display()));
  }

  private static int bits(byte[] value, int length, String display) throws IOException {
    String text = new String(value, 0, length, StandardCharsets.UTF_8);
    Matcher matcher = BITS.matcher(text);
    if (!matcher.matches()) {
      throw new FileSystemException(display, null, "Value of " + NAME + " attribute is invalid");
    }
    return Integer.parseInt(matcher.group(1), 16);
  }

  @Override
  public Stat stat() {
    return held.stat();
  }

  @Override
  public boolean isReadOnly() {
    return (bits & READ_ONLY) != 0;
  }

  @Override
  public boolean isHidden() {
    return (bits & HIDDEN) != 0;
  }

  @Override
  public boolean isArchive() {
    return (bits & ARCHIVE) != 0;
  }

  @Override
  public boolean isSystem() {
    return (bits & SYSTEM) != 0;
  }

  /** Returns the attributes of the view by their names. */
  Map<String, Object> byName() {
    Map<String, Object> all = new LinkedHashMap<>(held.byName("basic"));
    all.put("readonly", isReadOnly());
    all.put("hidden", isHidden());
    all.put("archive", isArchive());
    all.put("system", isSystem());
    return all;
  }
}

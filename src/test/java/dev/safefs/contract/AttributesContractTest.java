package dev.safefs.contract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@OverRows
@Tag("A1")
class AttributesContractTest extends Twins {
  private static final FileTime EARLIER =
      FileTime.from(Instant.ofEpochSecond(1_234_567_890, 123_456_000));
  private static final LinkOption[][] LINKS = {{}, {LinkOption.NOFOLLOW_LINKS}};
  private static final List<String> SELECTIONS =
      List.of(
          "*",
          "size",
          "basic:size,isDirectory",
          "posix:permissions,owner",
          "posix:*",
          "unix:mode,nlink,uid",
          "owner:owner",
          "owner:*",
          "user:*",
          "nosuch:*",
          "basic:nosuch",
          "size,nosuch",
          "",
          "basic:",
          ":size",
          "posix:*,size",
          "size,",
          ",");

  AttributesContractTest(Row row) {
    super(row);
  }

  @Test
  void anAttributeOfTheUserHasAName() throws Exception {
    sameOnBoth(
        "null",
        root -> {
          UserDefinedFileAttributeView view =
              Files.getFileAttributeView(root, UserDefinedFileAttributeView.class);
          view.write(null, ByteBuffer.wrap(new byte[1]));
          return view.list();
        });
  }

  private interface OnName {
    Object with(Path path, LinkOption[] links) throws Exception;
  }

  private void overAllNames(String what, OnName action) throws Exception {
    overAllNames(what, Need.NOTHING, action);
  }

  private void overAllNames(String what, Need need, OnName action) throws Exception {
    for (LinkOption[] links : LINKS) {
      for (String name : Tree.NAMES) {
        sameOnBoth(
            what + " " + name + " " + List.of(links),
            need,
            root -> action.with(root.resolve(name), links));
      }
    }
  }

  @Test
  void attributesByClassAreThoseOfTheJdk() throws Exception {
    overAllNames(
        "basic",
        (path, links) -> describe(Files.readAttributes(path, BasicFileAttributes.class, links)));
    overAllNames(
        "posix",
        Need.view("posix:*"),
        (path, links) -> {
          PosixFileAttributes attributes =
              Files.readAttributes(path, PosixFileAttributes.class, links);
          return describe(attributes)
              + attributes.owner()
              + attributes.group()
              + new TreeSet<>(attributes.permissions());
        });
    overAllNames(
        "dos",
        Need.view("dos:*"),
        (path, links) -> Files.readAttributes(path, DosFileAttributes.class, links).isHidden());
  }

  private static String describe(BasicFileAttributes attributes) {
    boolean file = attributes.isRegularFile();
    return (file ? attributes.size() + " " + attributes.lastModifiedTime() : "")
        + attributes.isDirectory()
        + attributes.isSymbolicLink()
        + attributes.isOther()
        + file
        + (attributes.fileKey() != null);
  }

  @Test
  void attributesByNameAreThoseOfTheJdk() throws Exception {
    for (String selection : SELECTIONS) {
      overAllNames(
          "read " + selection,
          Need.view(selection),
          (path, links) -> {
            Map<String, Object> all = Files.readAttributes(path, selection, links);
            return new TreeSet<>(all.keySet());
          });
      overAllNames(
          "get " + selection,
          Need.view(selection),
          (path, links) -> {
            Object value = Files.getAttribute(path, selection, links);
            return value instanceof Long size && !Files.isRegularFile(path) ? "size" : value;
          });
    }
  }

  @Test
  void setAttributeHasTheOutcomesOfTheJdk() throws Exception {
    record Setting(String name, Object value) {}
    List<Setting> settings =
        List.of(
            new Setting("lastModifiedTime", EARLIER),
            new Setting("basic:lastAccessTime", EARLIER),
            new Setting("creationTime", EARLIER),
            new Setting("posix:permissions", PosixFilePermissions.fromString("rw-r-----")),
            new Setting("unix:mode", 0700),
            new Setting("unix:nosuch", 1),
            new Setting("size", 3L),
            new Setting("nosuch:x", 3L),
            new Setting("lastModifiedTime", "no time"),
            new Setting("user:note", ByteBuffer.wrap(new byte[] {1, 2})),
            new Setting("user:note", "text"));
    for (Setting setting : settings) {
      if ((setting.name.equals("posix:permissions") || setting.name.equals("unix:mode"))
          && Runtime.version().feature() > 17) {
        continue; // the JDK follows the link in spite of NOFOLLOW_LINKS (docs/differences.md)
      }
      overAllNames(
          "set " + setting,
          Need.view(setting.name),
          (path, links) -> {
            Object value =
                setting.value instanceof ByteBuffer buffer ? buffer.duplicate() : setting.value;
            Files.setAttribute(path, setting.name, value, links);
            return Files.getLastModifiedTime(path, links).equals(EARLIER);
          });
    }
  }

  @Test
  void viewsHaveTheOutcomesOfTheJdk() throws Exception {
    for (Class<? extends FileAttributeView> type :
        List.of(
            BasicFileAttributeView.class,
            PosixFileAttributeView.class,
            FileOwnerAttributeView.class,
            UserDefinedFileAttributeView.class,
            DosFileAttributeView.class,
            AclFileAttributeView.class)) {
      overAllNames(
          "view " + type.getSimpleName(),
          (path, links) -> {
            FileAttributeView view = Files.getFileAttributeView(path, type, links);
            return view == null ? "none" : view.name();
          });
    }
    overAllNames(
        "setTimes",
        (path, links) -> {
          BasicFileAttributeView view =
              Files.getFileAttributeView(path, BasicFileAttributeView.class, links);
          view.setTimes(EARLIER, null, null);
          return Files.getLastModifiedTime(path, links);
        });
    overAllNames(
        "setTimes none",
        (path, links) -> {
          Files.getFileAttributeView(path, BasicFileAttributeView.class, links)
              .setTimes(null, null, null);
          return "done";
        });
    overAllNames(
        "setOwner",
        (path, links) -> {
          PosixFileAttributeView view =
              Files.getFileAttributeView(path, PosixFileAttributeView.class, links);
          view.setOwner(view.readAttributes().owner());
          view.setGroup(view.readAttributes().group());
          return view.getOwner();
        });
  }

  @Test
  void permissionsAreSetAsByTheJdk() throws Exception {
    for (String name : Tree.NAMES) {
      sameOnBoth(
          "setPosixFilePermissions " + name,
          root ->
              Files.setPosixFilePermissions(
                  root.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x")));
    }
  }

  @Test
  void userAttributesHaveTheOutcomesOfTheJdk() throws Exception {
    for (String name : List.of("file", "link", "full", "dirlink", "absent")) {
      sameOnBoth(
          "user view " + name,
          root -> {
            UserDefinedFileAttributeView view =
                Files.getFileAttributeView(root.resolve(name), UserDefinedFileAttributeView.class);
            int written =
                view.write("note", ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
            view.write("empty", ByteBuffer.allocate(0));
            ByteBuffer read = ByteBuffer.allocate(20);
            int count = view.read("note", read);
            view.delete("empty");
            return written
                + " "
                + view.list()
                + view.size("note")
                + count
                + StandardCharsets.UTF_8.decode(read.flip())
                + Set.copyOf(Files.readAttributes(root.resolve(name), "user:*").keySet());
          });
      sameOnBoth(
          "user view missing " + name,
          root ->
              Files.getFileAttributeView(root.resolve(name), UserDefinedFileAttributeView.class)
                  .size("missing"));
      sameOnBoth(
          "user view small buffer " + name,
          root -> {
            UserDefinedFileAttributeView view =
                Files.getFileAttributeView(root.resolve(name), UserDefinedFileAttributeView.class);
            view.write("note", ByteBuffer.wrap(new byte[10]));
            return view.read("note", ByteBuffer.allocate(5));
          });
      sameOnBoth(
          "user view delete missing " + name,
          root -> {
            Files.getFileAttributeView(root.resolve(name), UserDefinedFileAttributeView.class)
                .delete("missing");
            return "done";
          });
    }
  }

  @Test
  void fileStoresAreThoseOfTheJdk() throws Exception {
    overAllNames(
        "fileStore",
        (path, links) -> {
          var store = Files.getFileStore(path);
          return store.type()
              + store.getTotalSpace()
              + store.getBlockSize()
              + store.isReadOnly()
              + store.supportsFileAttributeView("posix")
              + store.supportsFileAttributeView("user")
              + store.supportsFileAttributeView(BasicFileAttributeView.class)
              + (store.getUsableSpace() > 0);
        });
  }
}

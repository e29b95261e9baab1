package dev.safefs.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Creating, linking, deleting and comparing names. */
@OverRows
class NamesContractTest extends Twins {
  private static final List<String> ODD_NAMES =
      List.of(
          "",
          ".",
          "..",
          "empty/..",
          "empty/.",
          "full/../file",
          "./file",
          "full//inner",
          "file/",
          "file/x",
          "full/",
          "../..");

  NamesContractTest(Row row) {
    super(row);
  }

  private interface OnName {
    Object with(Path path) throws Exception;
  }

  private void overAllNames(String what, OnName action) throws Exception {
    overAllNames(what, Need.NOTHING, action);
  }

  private void overAllNames(String what, Need need, OnName action) throws Exception {
    for (String name : Tree.NAMES) {
      sameOnBoth(what + " " + name, need, root -> action.with(root.resolve(name)));
    }
  }

  @Test
  void createDirectoryHasTheOutcomesOfTheJdk() throws Exception {
    FileAttribute<?> strict =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------"));
    overAllNames("createDirectory", Files::createDirectory);
    overAllNames(
        "createDirectory strict",
        Need.view("posix:permissions"),
        path -> Files.createDirectory(path, strict));
    overAllNames("createDirectories", Files::createDirectories);
    overAllNames("createDirectories deep", path -> Files.createDirectories(path.resolve("a/b/c")));
  }

  @Test
  @Tag("L4")
  void linksHaveTheOutcomesOfTheJdk() throws Exception {
    for (String target : Tree.NAMES) {
      overAllNames(
          "symlink to " + target,
          path -> {
            Path text = path.getFileSystem().getPath(target);
            return Files.readSymbolicLink(Files.createSymbolicLink(path, text));
          });
      for (String name : Tree.NAMES) {
        sameOnBoth(
            "link " + name + " to " + target,
            Need.promise("hard link of a symbolic link"),
            root -> Files.createLink(root.resolve(name), root.resolve(target)));
      }
    }
    FileAttribute<?> wide =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx"));
    sameOnBoth(
        "symlink with permissions",
        root ->
            Files.createSymbolicLink(
                root.resolve("new"), root.getFileSystem().getPath("file"), wide));
    overAllNames("readSymbolicLink", Files::readSymbolicLink);
  }

  @Test
  @Tag("D1")
  @Tag("D3")
  void deleteHasTheOutcomesOfTheJdk() throws Exception {
    overAllNames(
        "delete",
        path -> {
          Files.delete(path);
          return "deleted";
        });
    overAllNames("deleteIfExists", Files::deleteIfExists);
  }

  @Test
  @Tag("A2")
  void comparisonsHaveTheOutcomesOfTheJdk() throws Exception {
    for (String other : Tree.NAMES) {
      for (String name : Tree.NAMES) {
        sameOnBoth(
            "isSameFile " + name + " " + other,
            root -> Files.isSameFile(root.resolve(name), root.resolve(other)));
      }
    }
    sameOnBoth(
        "isSameFile hard", root -> Files.isSameFile(root.resolve("pair"), root.resolve("hard")));
    overAllNames("toRealPath", Path::toRealPath);
    overAllNames("toRealPath nofollow", path -> path.toRealPath(LinkOption.NOFOLLOW_LINKS));
    overAllNames("exists", path -> Files.exists(path) + " " + Files.notExists(path));
    overAllNames("exists nofollow", path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    overAllNames(
        "is",
        path ->
            Files.isReadable(path) + " " + Files.isWritable(path) + " " + Files.isExecutable(path));
    overAllNames("isHidden", Files::isHidden);
    overAllNames(
        "types",
        path ->
            Files.isDirectory(path)
                + " "
                + Files.isRegularFile(path)
                + " "
                + Files.isSymbolicLink(path));
  }

  @Test
  @Tag("R5")
  void oddNamesHaveTheOutcomesOfTheJdk() throws Exception {
    for (String name : ODD_NAMES) {
      boolean leaves = name.startsWith("..");
      if (leaves || name.isEmpty()) {
        continue; // what is above the root differs by design; the empty path is the working
        // directory
      }
      sameOnBoth("delete " + name, root -> Files.deleteIfExists(root.resolve(name)));
      sameOnBoth("mkdir " + name, root -> Files.createDirectory(root.resolve(name)));
      sameOnBoth("createFile " + name, root -> Files.createFile(root.resolve(name)));
      sameOnBoth("write " + name, root -> Files.writeString(root.resolve(name), "x"));
      sameOnBoth("exists " + name, root -> Files.exists(root.resolve(name)));
      sameOnBoth("real " + name, root -> root.resolve(name).toRealPath());
      sameOnBoth(
          "real nofollow " + name,
          root -> root.resolve(name).toRealPath(LinkOption.NOFOLLOW_LINKS));
      if (name.equals("file/x") && Runtime.version().feature() > 17) {
        continue; // the JDK answers ENOTDIR by FileSystemException up to 17, by NoSuchFileException
        // later
      }
      sameOnBoth(
          "move from " + name, root -> Files.move(root.resolve(name), root.resolve("moved")));
      sameOnBoth(
          "copy from " + name, root -> Files.copy(root.resolve(name), root.resolve("copied")));
      sameOnBoth("copy to " + name, root -> Files.copy(root.resolve("file"), root.resolve(name)));
    }
  }

  /** Bytes that are no UTF-8 have a text of their own, which other names may look like. */
  @Test
  void aNameThatLooksLikeUnreadableBytesIsAName() throws Exception {
    sameOnBoth("U+FFFD", root -> used(root, "\uFFFD"));
  }

  @Test
  void aNameWithALoneSurrogateIsANameWhereTheDelegateHasIt() throws Exception {
    sameOnBoth("lone surrogate", root -> used(root, "1\uDC80"));
  }

  private static String used(Path root, String name) throws IOException {
    Path file = Files.writeString(root.resolve(name), "content");
    Files.move(file, root.resolve(name + "2"));
    Files.copy(root.resolve(name + "2"), file);
    try (Stream<Path> entries = Files.list(root)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList()
          + Files.readString(file)
          + file.toRealPath().equals(file)
          + file.toUri().isAbsolute();
    }
  }
}

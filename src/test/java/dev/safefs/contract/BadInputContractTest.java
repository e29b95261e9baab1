package dev.safefs.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.JdkPaths;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@OverRows
@Tag("K5")
class BadInputContractTest extends Twins {
  private static final OpenOption UNKNOWN_OPEN = new OpenOption() {};
  private static final CopyOption UNKNOWN_COPY = new CopyOption() {};

  BadInputContractTest(Row row) {
    super(row);
  }

  private static FileAttribute<String> unknownAttribute() {
    return new FileAttribute<>() {
      @Override
      public String name() {
        return "no:such";
      }

      @Override
      public String value() {
        return "x";
      }
    };
  }

  @Test
  void malformedNamesAreRefusedAsByTheJdk() throws Exception {
    String overlong = "n".repeat(256);
    String deep = "d/".repeat(2500) + "x";
    for (String name :
        List.of("nul\0byte", "\uD800lone", overlong, overlong + "/x", "full/" + overlong)) {
      sameOnBoth(
          "resolve " + name, root -> root.resolve(name).getNameCount() - root.getNameCount());
      sameOnBoth("createDirectory " + name, root -> Files.createDirectory(root.resolve(name)));
      sameOnBoth("write " + name, root -> Files.writeString(root.resolve(name), "x"));
      sameOnBoth("size " + name, root -> Files.size(root.resolve(name)));
      sameOnBoth("move " + name, root -> Files.move(root.resolve("file"), root.resolve(name)));
      sameOnBoth("copy " + name, root -> Files.copy(root.resolve("file"), root.resolve(name)));
      sameOnBoth("delete " + name, root -> Files.deleteIfExists(root.resolve(name)));
      sameOnBoth(
          "link " + name, root -> Files.createLink(root.resolve(name), root.resolve("file")));
      sameOnBoth(
          "symlink " + name,
          root -> Files.createSymbolicLink(root.resolve(name), root.getFileSystem().getPath("x")));
    }
    sameOnBoth("exists deep", root -> Files.exists(root.resolve(deep)));
    assertThatThrownBy(() -> onRoot(root -> Files.createFile(root.resolve("nul\0byte"))))
        .isInstanceOfAny(InvalidPathException.class, FileSystemException.class);
  }

  private void onRoot(Action action) throws Exception {
    Exception[] thrown = new Exception[1];
    onSafeFs(
        root -> {
          try {
            return action.on(root);
          } catch (Exception e) {
            thrown[0] = e;
            return "";
          }
        });
    if (thrown[0] != null) {
      throw thrown[0];
    }
  }

  @Test
  void unknownOptionsAreRefusedBeforeAnythingIsTouched() throws Exception {
    sameOnBoth(
        "open",
        root -> {
          try (FileChannel channel =
              FileChannel.open(
                  root.resolve("absent"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  UNKNOWN_OPEN)) {
            return channel.size();
          }
        });
    sameOnBoth(
        "copy", root -> Files.copy(root.resolve("file"), root.resolve("absent"), UNKNOWN_COPY));
    sameOnBoth(
        "move", root -> Files.move(root.resolve("file"), root.resolve("absent"), UNKNOWN_COPY));
    sameOnBoth(
        "copy null",
        root -> Files.copy(root.resolve("file"), root.resolve("absent"), (CopyOption) null));
    sameOnBoth(
        "move null",
        root -> Files.move(root.resolve("file"), root.resolve("absent"), (CopyOption) null));
    sameOnBoth(
        "write null", root -> Files.write(root.resolve("absent"), new byte[1], (OpenOption) null));
    sameOnBoth("createFile", root -> Files.createFile(root.resolve("absent"), unknownAttribute()));
    sameOnBoth(
        "createDirectory",
        root -> Files.createDirectory(root.resolve("absent"), unknownAttribute()));
    sameOnBoth(
        "createSymbolicLink",
        root ->
            Files.createSymbolicLink(
                root.resolve("absent"), root.getFileSystem().getPath("x"), unknownAttribute()));
    sameOnBoth(
        "readAttributes",
        root -> Files.readAttributes(root.resolve("file"), UnknownAttributes.class));
    sameOnBoth(
        "null attribute",
        root -> Files.createFile(root.resolve("absent"), (FileAttribute<?>) null));
    sameOnBoth(
        "newByteChannel no options",
        root -> {
          try (var channel = Files.newByteChannel(root.resolve("file"), Set.of())) {
            return channel.isOpen();
          }
        });
  }

  /** A view that no provider has. */
  private interface UnknownAttributes extends BasicFileAttributes {}

  /** Also where nothing is there, so that a program fails the first time it is run. */
  @Test
  void wrongValuesAreRefusedBeforeTheFileIsLookedFor() throws Exception {
    sameOnBoth("access", root -> checkAccess(root, (AccessMode) null));
    sameOnBoth("modes", root -> checkAccess(root, (AccessMode[]) null));
    sameOnBoth("owner", root -> Files.setAttribute(root.resolve("absent"), "owner:owner", null));
    for (String name : List.of("posix:permissions", "unix:mode", "dos:hidden", "user:note")) {
      sameOnBoth(
          name, Need.view(name), root -> Files.setAttribute(root.resolve("absent"), name, null));
    }
    sameOnBoth("time", root -> Files.setAttribute(root.resolve("file"), "lastAccessTime", null));
    for (Object element : Arrays.asList(null, "rwx")) {
      Set<Object> permissions = new HashSet<>(Arrays.asList(element));
      sameOnBoth(
          "permission " + element,
          Need.view("posix:permissions"),
          root -> Files.setAttribute(root.resolve("absent"), "posix:permissions", permissions));
    }
  }

  private static Object checkAccess(Path root, AccessMode... modes) throws IOException {
    root.getFileSystem().provider().checkAccess(root.resolve("absent"), modes);
    return "granted";
  }

  @Test
  void pathsOfAnotherProviderAreRefused() throws Exception {
    try (FileSystem foreign = Jimfs.newFileSystem(Configuration.unix())) {
      Path other = foreign.getPath("/foreign");
      onSafeFs(
          root -> {
            FileSystemProvider provider = root.getFileSystem().provider();
            Path mine = root.resolve("file");
            assertThatThrownBy(() -> provider.delete(other))
                .isInstanceOf(ProviderMismatchException.class);
            assertThatThrownBy(() -> provider.move(mine, other))
                .isInstanceOf(ProviderMismatchException.class);
            assertThatThrownBy(() -> provider.copy(other, mine))
                .isInstanceOf(ProviderMismatchException.class);
            assertThatThrownBy(() -> provider.createLink(mine, other))
                .isInstanceOf(ProviderMismatchException.class);
            assertThatThrownBy(() -> provider.createSymbolicLink(mine, other))
                .isInstanceOf(ProviderMismatchException.class);
            assertThatThrownBy(() -> provider.newByteChannel(other, Set.of()))
                .isInstanceOf(ProviderMismatchException.class);
            assertThatThrownBy(() -> provider.createDirectory(other))
                .isInstanceOf(ProviderMismatchException.class);
            assertThatThrownBy(() -> provider.checkAccess(other))
                .isInstanceOf(ProviderMismatchException.class);
            assertThatThrownBy(() -> provider.newDirectoryStream(other, path -> true))
                .isInstanceOf(ProviderMismatchException.class);
            assertThatThrownBy(() -> mine.resolve(other))
                .isInstanceOf(ProviderMismatchException.class);
            assertThatThrownBy(() -> mine.relativize(other))
                .isInstanceOf(ProviderMismatchException.class);
            assertThat(mine.equals(other)).isFalse();
            assertThat(mine.startsWith(other)).isFalse();
            assertThat(mine.endsWith(other)).isFalse();
            assertThat(provider.isSameFile(mine, other)).isFalse();
            assertThatThrownBy(() -> mine.compareTo(other)).isInstanceOf(ClassCastException.class);
            assertThatThrownBy(() -> provider.delete(null))
                .isInstanceOfAny(ProviderMismatchException.class, NullPointerException.class);
            return "";
          });
    }
  }

  @Test
  void unknownSettingsAreRefusedByName() throws Exception {
    Path here = JdkPaths.of(Path.of("").toAbsolutePath());
    URI uri = URI.create("safe://" + here.toUri().getRawPath());
    assertThatThrownBy(() -> FileSystems.newFileSystem(uri, Map.of("linsk", "BENEATH")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("linsk");
    assertThatThrownBy(() -> FileSystems.newFileSystem(uri, Map.of("links", "BENAETH")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("links")
        .hasMessageContaining("BENAETH");
  }
}

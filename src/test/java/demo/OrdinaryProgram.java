package demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A program as people write it every day. It imports nothing but {@code java.nio.file} and does not
 * know which provider its paths come from.
 */
final class OrdinaryProgram {
  private final Path root;

  OrdinaryProgram(Path root) {
    this.root = root;
  }

  /** Rewrites its configuration. */
  void saveConfig(byte[] content) throws IOException {
    Files.write(root.resolve("app.conf"), content);
  }

  /** Deploys a version: makes a new link, then moves it over the old one. */
  void flipCurrent(String version) throws IOException {
    Path fresh = root.resolve("current.new");
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, root.getFileSystem().getPath(version));
    Files.move(fresh, root.resolve("current"), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Files a document under a name, but never over another one. */
  void fileAway(String document, String name) throws IOException {
    Files.move(root.resolve(document), root.resolve(name));
  }

  /** Refreshes a published copy. */
  void refresh(String source, String copy) throws IOException {
    Files.copy(root.resolve(source), root.resolve(copy), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Backs a file up, and if it is a link, the link only. */
  void backUp(String source, String copy) throws IOException {
    Files.copy(
        root.resolve(source),
        root.resolve(copy),
        StandardCopyOption.REPLACE_EXISTING,
        LinkOption.NOFOLLOW_LINKS);
  }

  /** Stores an upload, after checking that its folder is in the right place. */
  void storeUpload(String folder, String name, byte[] content) throws IOException {
    Path target = root.resolve(folder);
    if (target.toRealPath().startsWith(root.toRealPath())) {
      Files.write(target.resolve(name), content);
    }
  }

  /** Copies a tree, file by file. */
  void copyTree(Path source, String name) throws IOException {
    Path target = root.resolve(name);
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(target.resolve(source.relativize(dir).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.write(
                target.resolve(source.relativize(file).toString()), Files.readAllBytes(file));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Deletes a tree, and goes on where something cannot be deleted. */
  void deleteTree(String name) throws IOException {
    Files.walkFileTree(
        root.resolve(name),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return delete(file);
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException failure) {
            return delete(dir);
          }
        });
  }

  private static FileVisitResult delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      return FileVisitResult.CONTINUE;
    }
    return FileVisitResult.CONTINUE;
  }
}

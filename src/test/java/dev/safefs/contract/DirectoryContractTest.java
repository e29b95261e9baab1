package dev.safefs.contract;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@OverRows
@Tag("S1")
class DirectoryContractTest extends Twins {

  DirectoryContractTest(Row row) {
    super(row);
  }

  private static Set<String> names(DirectoryStream<Path> stream) {
    Set<String> names = new TreeSet<>();
    stream.forEach(path -> names.add(path.getFileName() + " " + (path.getNameCount() > 1)));
    return names;
  }

  @Test
  void listingsAreThoseOfTheJdk() throws Exception {
    for (String name : Tree.NAMES) {
      sameOnBoth(
          "list " + name,
          root -> {
            try (Stream<Path> entries = Files.list(root.resolve(name))) {
              return entries.map(path -> root.relativize(path).toString()).sorted().toList();
            }
          });
      sameOnBoth(
          "glob " + name,
          root -> {
            try (DirectoryStream<Path> stream =
                Files.newDirectoryStream(root.resolve(name), "*n*")) {
              return stream.iterator().hasNext();
            }
          });
    }
    sameOnBoth(
        "walk",
        root -> {
          try (Stream<Path> all = Files.walk(root)) {
            return all.map(path -> root.relativize(path).toString()).sorted().toList();
          }
        });
    sameOnBoth(
        "find",
        root -> {
          try (Stream<Path> all =
              Files.find(root, 5, (path, attributes) -> attributes.isRegularFile())) {
            return all.map(path -> root.relativize(path).toString()).sorted().toList();
          }
        });
  }

  @Test
  void streamRulesAreThoseOfTheJdk() throws Exception {
    sameOnBoth(
        "second iterator",
        root -> {
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
            Iterator<Path> first = stream.iterator();
            return first.hasNext() && stream.iterator().hasNext();
          }
        });
    sameOnBoth(
        "iterator after close",
        root -> {
          DirectoryStream<Path> stream = Files.newDirectoryStream(root);
          stream.close();
          stream.close();
          return stream.iterator().hasNext();
        });
    sameOnBoth(
        "iteration after close",
        root -> {
          DirectoryStream<Path> stream = Files.newDirectoryStream(root.resolve("full"));
          Iterator<Path> iterator = stream.iterator();
          stream.close();
          return iterator.hasNext();
        });
    sameOnBoth(
        "past the end",
        root -> {
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(root.resolve("empty"))) {
            return stream.iterator().next();
          }
        });
    sameOnBoth(
        "remove",
        root -> {
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(root.resolve("full"))) {
            Iterator<Path> iterator = stream.iterator();
            iterator.next();
            iterator.remove();
            return "removed";
          }
        });
    sameOnBoth(
        "failing filter",
        root -> {
          try (DirectoryStream<Path> stream =
              Files.newDirectoryStream(
                  root,
                  path -> {
                    throw new IOException("filter");
                  })) {
            return stream.iterator().hasNext();
          }
        });
  }

  @Test
  void aFilterThatClosesItsStreamEndsIt() throws Exception {
    for (boolean accepted : new boolean[] {true, false}) {
      sameOnBoth(
          "closed by its filter, which answers " + accepted,
          root -> {
            List<DirectoryStream<Path>> opened = new ArrayList<>();
            opened.add(
                Files.newDirectoryStream(
                    root,
                    path -> {
                      opened.get(0).close();
                      return accepted;
                    }));
            int seen = 0;
            for (Path path : opened.get(0)) {
              seen += path.startsWith(root) ? 1 : 0;
            }
            return seen <= 1 ? "ended" : seen;
          });
    }
  }

  @Test
  void secureStreamsActOnTheirDirectory() throws Exception {
    sameOnBoth(
        "secure",
        root -> {
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(root.resolve("full"))) {
            SecureDirectoryStream<Path> secure = (SecureDirectoryStream<Path>) stream;
            Path name = root.getFileSystem().getPath("inner");
            Path moved = root.getFileSystem().getPath("moved");
            StringBuilder seen = new StringBuilder();
            try (var channel = secure.newByteChannel(name, Set.of(READ))) {
              seen.append(channel.size());
            }
            try (var channel =
                secure.newByteChannel(
                    root.getFileSystem().getPath("fresh"), Set.of(CREATE, WRITE))) {
              seen.append(channel.write(ByteBuffer.wrap(new byte[] {'f'})));
            }
            seen.append(
                secure
                    .getFileAttributeView(name, BasicFileAttributeView.class)
                    .readAttributes()
                    .size());
            seen.append(
                secure
                    .getFileAttributeView(BasicFileAttributeView.class)
                    .readAttributes()
                    .isDirectory());
            PosixFileAttributeView posix =
                secure.getFileAttributeView(
                    name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (posix != null) {
              posix.setPermissions(PosixFilePermissions.fromString("rw-------"));
            }
            secure.move(name, secure, moved);
            try (DirectoryStream<Path> now = Files.newDirectoryStream(root.resolve("full"))) {
              seen.append(names(now));
            }
            secure.deleteFile(moved);
            return seen;
          }
        });
    for (String name : Tree.NAMES) {
      sameOnBoth(
          "secure deleteFile " + name,
          root -> {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
              ((SecureDirectoryStream<Path>) stream).deleteFile(root.getFileSystem().getPath(name));
              return "deleted";
            }
          });
      sameOnBoth(
          "secure deleteDirectory " + name,
          root -> {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
              ((SecureDirectoryStream<Path>) stream)
                  .deleteDirectory(root.getFileSystem().getPath(name));
              return "deleted";
            }
          });
      if (!name.equals("file")
          && !name.equals("other")
          && !name.equals("readonly")
          && !name.equals("link")) {
        // not on files: the JDK 25 closes a descriptor twice there (docs/differences.md)
        sameOnBoth(
            "secure newDirectoryStream " + name,
            root -> {
              try (DirectoryStream<Path> stream = Files.newDirectoryStream(root);
                  DirectoryStream<Path> inner =
                      ((SecureDirectoryStream<Path>) stream)
                          .newDirectoryStream(root.getFileSystem().getPath(name))) {
                return names(inner).stream()
                    .map(entry -> entry.split(" ")[0])
                    .collect(Collectors.toList());
              }
            });
      }
    }
  }
}

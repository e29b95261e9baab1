package dev.safefs.portable;

import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.common.jimfs.WatchServiceConfiguration;
import dev.safefs.InMemory;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A delegate that tests run over. What each can do is asked, not written here. */
public enum Ground {
  /** Secure directory streams, no permissions. */
  JIMFS_UNIX {
    @Override
    Path create() throws IOException {
      return jimfs(Configuration.unix()).getPath("/work");
    }
  },
  /** Secure directory streams, permissions and numbers of owners. */
  JIMFS_POSIX {
    @Override
    Path create() throws IOException {
      return jimfs(
              Configuration.unix().toBuilder()
                  .setAttributeViews("basic", "owner", "posix", "unix", "user")
                  .build())
          .getPath("/work");
    }
  },
  /** No streams; upper and lower case, composed and decomposed letters are one. */
  JIMFS_OSX {
    @Override
    Path create() throws IOException {
      return jimfs(Configuration.osX()).getPath("/work");
    }
  },
  /** No streams; upper and lower case are one; drives and backslashes. */
  JIMFS_WINDOWS {
    @Override
    Path create() throws IOException {
      return jimfs(Configuration.windows()).getPath("C:\\work");
    }
  },
  /** No streams; permissions. */
  MEMORY_LINUX {
    @Override
    Path create() throws IOException {
      return MemoryFileSystemBuilder.newLinux().build("l" + UUID.randomUUID()).getPath("/work");
    }
  },
  /** No streams; upper and lower case are one; DOS attributes. */
  MEMORY_WINDOWS {
    @Override
    Path create() throws IOException {
      return MemoryFileSystemBuilder.newWindows()
          .build("w" + UUID.randomUUID())
          .getPath("C:\\work");
    }
  },
  /** The JDK's own. */
  JDK {
    @Override
    Path create() throws IOException {
      return Files.createTempDirectory(InMemory.place(), "safefs-portable").toRealPath();
    }

    @Override
    public void discard(Path root) throws IOException {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException failure)
                throws IOException {
              Files.delete(dir);
              return FileVisitResult.CONTINUE;
            }
          });
    }
  };

  abstract Path create() throws IOException;

  /** Jimfs looks for changes every five seconds unless it is told. */
  private static FileSystem jimfs(Configuration configuration) {
    return Jimfs.newFileSystem(
        configuration.toBuilder()
            .setWatchServiceConfiguration(
                WatchServiceConfiguration.polling(10, TimeUnit.MILLISECONDS))
            .build());
  }

  /** Removes what {@link #open} made. */
  public void discard(Path root) throws IOException {
    root.getFileSystem().close();
  }

  /** Makes a fresh directory on a fresh file system. */
  public Path open() throws IOException {
    return Files.createDirectories(create());
  }

  /** Tells whether a file system takes two spellings for one name, as it was found to do. */
  static boolean foldsCase(Path root) throws IOException {
    Path probe = Files.createFile(root.resolve("probe"));
    try {
      return Files.exists(root.resolve("PROBE"));
    } finally {
      Files.delete(probe);
    }
  }

  static boolean has(FileSystem fileSystem, String view) {
    return fileSystem.supportedFileAttributeViews().contains(view);
  }
}

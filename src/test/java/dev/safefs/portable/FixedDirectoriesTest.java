package dev.safefs.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.LinkPolicy;
import dev.safefs.SafeConfig;
import dev.safefs.Strictness;
import dev.safefs.op.TreeOps;
import dev.safefs.op.TreePlan;
import dev.safefs.request.CopyRequest;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Over a provider that has each directory on a file store of its own, so that none is renamed. */
class FixedDirectoriesTest {
  private static final SafeConfig RELAXED =
      SafeConfig.confined().with("strictness", Strictness.BEST_EFFORT);

  /** A file store like no other. */
  private static final class Store extends FileStore {
    @Override
    public String name() {
      return "store";
    }

    @Override
    public String type() {
      return "none";
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public long getTotalSpace() {
      return 0;
    }

    @Override
    public long getUsableSpace() {
      return 0;
    }

    @Override
    public long getUnallocatedSpace() {
      return 0;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
      return false;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
      return false;
    }

    @Override
    public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
      return null;
    }

    @Override
    public Object getAttribute(String attribute) {
      throw new UnsupportedOperationException();
    }
  }

  /** Moves no directories. */
  private static final class Fixed extends FilteringProvider {
    Fixed(Path root) {
      super(root.getFileSystem().provider(), call -> {});
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      if (Files.isDirectory(source)) {
        throw new AtomicMoveNotSupportedException("a", "b", "not here");
      }
      super.move(source, target, options);
    }

    @Override
    public FileStore getFileStore(Path path) {
      return new Store();
    }
  }

  @Test
  @Tag("C2")
  void aTreeThatIsNotPublishedIsNotCopied() throws IOException {
    Path root = Ground.JIMFS_WINDOWS.open();
    try (Bench bench =
        Bench.over(root, new Fixed(root), LinkPolicy.BENEATH, Gaps.REFUSED, Set.of())) {
      bench.directory("d");
      bench.file("d/x", "X");
      assertThatThrownBy(
              () ->
                  TreeOps.copyTree(
                      bench.place("d", RELAXED),
                      bench.place("c", RELAXED),
                      CopyRequest.parse(),
                      TreePlan.STOP))
          .isInstanceOf(FileSystemException.class);
      assertThat(bench.names()).containsExactly("d");
      assertThat(bench.content("d/x")).isEqualTo("X");
    } finally {
      Ground.JIMFS_WINDOWS.discard(root);
    }
  }
}

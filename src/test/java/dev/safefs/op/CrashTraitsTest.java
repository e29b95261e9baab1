package dev.safefs.op;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.InMemory;
import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is synced when, on file systems that lose more in a power cut than others; played by their
 * magic numbers. {@code MountTraitsTest} asks real ones.
 */
@Tag("K2")
@Tag("W6")
class CrashTraitsTest {
  private static final Set<String> STEPS = Set.of("fsync", "linkat", "renameat", "renameat2");

  /** On tmpfs, where nothing is to be played but the magic number. */
  @TempDir(factory = InMemory.class)
  Path base;

  /** Answers with a file system's magic number, but for procfs. */
  private static Syscalls with(Syscalls sys, long magic) {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (proxy, method, args) -> {
              try {
                Object result = method.invoke(sys, args);
                if (method.getName().equals("fstatfs")
                    && Structs.statfsType((byte[]) args[1]) != Abi.PROC_SUPER_MAGIC) {
                  ByteBuffer.wrap((byte[]) args[1])
                      .order(ByteOrder.nativeOrder())
                      .putLong(0, magic);
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Returns the steps of a write, in order. */
  private List<String> steps(long magic, String name, String durability) throws IOException {
    TracingSyscalls tracing = new TracingSyscalls(with(Scene.kernel(), magic));
    SafeConfig config = SafeConfig.confined().with("durability", durability);
    OpenRequest request = OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), config);
    try (Scene scene = Scene.confined(base, tracing.syscalls(), config)) {
      scene.file("old", "old");
      try (FileChannel channel = Opener.open(scene.place(name), request)) {
        channel.write(ByteBuffer.wrap(new byte[] {'n', 'e', 'w'}));
      }
      assertThat(scene.content(name)).isEqualTo("new");
    }
    return tracing.names().stream().filter(STEPS::contains).toList();
  }

  @Test
  void elsewhereContentIsSyncedOnceBeforeItGetsTheName() throws IOException {
    assertThat(steps(Abi.XFS_SUPER_MAGIC, "old", "FILE"))
        .containsExactly("fsync", "linkat", "renameat");
    assertThat(steps(Abi.XFS_SUPER_MAGIC, "new", "FILE")).containsExactly("fsync", "linkat");
    assertThat(steps(Abi.XFS_SUPER_MAGIC, "old", "FILE_AND_NAME"))
        .containsExactly("fsync", "linkat", "renameat", "fsync");
  }

  @Test
  void onBtrfsItIsSyncedAgainOnceItHasAStagedName() throws IOException {
    assertThat(steps(Abi.BTRFS_SUPER_MAGIC, "old", "FILE"))
        .containsExactly("fsync", "linkat", "fsync", "renameat");
    assertThat(steps(Abi.BTRFS_SUPER_MAGIC, "new", "FILE"))
        .containsExactly("fsync", "linkat", "fsync", "renameat2");
    assertThat(steps(Abi.BTRFS_SUPER_MAGIC, "old", "NONE")).containsExactly("linkat", "renameat");
  }

  /** A tmpfs has no entry in {@code /proc/fs/ext4} that would say that it is ordered. */
  @Test
  void onExt4ThatMayWriteBackTheDirectoryIsSyncedToo() throws IOException {
    assertThat(steps(Abi.EXT4_SUPER_MAGIC, "old", "FILE"))
        .containsExactly("fsync", "linkat", "renameat", "fsync");
    assertThat(steps(Abi.EXT4_SUPER_MAGIC, "new", "FILE"))
        .containsExactly("fsync", "linkat", "fsync");
    assertThat(steps(Abi.EXT4_SUPER_MAGIC, "old", "NONE")).containsExactly("linkat", "renameat");
  }
}

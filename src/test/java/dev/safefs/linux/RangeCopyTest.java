package dev.safefs.linux;

import static dev.safefs.linux.Machine.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.Requirement;
import dev.safefs.handle.CopyMonitor;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.request.Access;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.Abi;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@Tag("C3")
class RangeCopyTest {
  private static final int MIB = 1 << 20;

  @TempDir Path temp;

  private void copy(Syscalls sys, Path from, CopyMonitor monitor) throws IOException {
    LinuxEngine engine = Machine.engine(sys);
    try (FileHandle path = engine.ambient().open(Machine.route(from), LinkMode.FOLLOW);
        FileHandle source = path.reopen(Access.READ);
        Dir dir = engine.ambient().openDir(Machine.route(temp), LinkMode.FOLLOW);
        FileHandle target = dir.create(name("target"), 0600).orElseThrow()) {
      source.copyContentTo(target, monitor);
    }
  }

  private Path random(int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Files.write(temp.resolve("source"), bytes);
  }

  /** 8 pieces of 64 KiB, 8 MiB apart, and a hole at the end. */
  private Path sparse() throws IOException {
    Path file = temp.resolve("source");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < 8; i++) {
        channel.write(ByteBuffer.wrap(("piece " + i).repeat(8192).getBytes(UTF_8)), 8L * i * MIB);
      }
    }
    try (FileHandle path = Machine.handle(file);
        FileHandle handle = path.reopen(Access.WRITE)) {
      handle.truncate(64L * MIB);
    }
    return file;
  }

  private void assertCopied(Path from) throws IOException {
    assertThat(Files.mismatch(from, temp.resolve("target"))).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255 * 1024, 9 * MIB + 1})
  void everySizeIsCopied(int size) throws IOException {
    Path source = random(size);

    copy(Machine.kernel(), source, CopyMonitor.NONE);

    assertCopied(source);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Errno.ENOSYS,
        Errno.EPERM,
        Errno.EXDEV,
        Errno.EOPNOTSUPP,
        Errno.EINVAL,
        Errno.EFBIG,
        Errno.ENOENT
      })
  @Tag("K4")
  void bytesAreCopiedWhereTheKernelDoesNot(int errno) throws IOException {
    Path source = random(3 * MIB + 7);
    Syscalls denied =
        new DenyingSyscalls(Machine.kernel())
            .deny(errno, "copy_file_range", "ioctl_ficlone")
            .syscalls();

    copy(denied, source, CopyMonitor.NONE);

    assertCopied(source);
  }

  @Test
  void bytesTakeOverInTheMiddle() throws IOException {
    Path source = random(20 * MIB);
    Syscalls later =
        new DenyingSyscalls(Machine.kernel())
            .deny(Errno.EOPNOTSUPP, "ioctl_ficlone")
            .denyAfter(1, Errno.EXDEV, "copy_file_range")
            .syscalls();

    copy(later, source, CopyMonitor.NONE);

    assertCopied(source);
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EIO, Errno.ENOSPC})
  @Tag("K3")
  void aRealErrorEndsTheCopy(int errno) throws IOException {
    Path source = random(MIB);
    Syscalls failing =
        new DenyingSyscalls(Machine.kernel())
            .deny(Errno.EOPNOTSUPP, "ioctl_ficlone")
            .deny(errno, "copy_file_range")
            .syscalls();

    assertThatThrownBy(() -> copy(failing, source, CopyMonitor.NONE))
        .hasMessageContaining("copy_file_range: " + Errno.name(errno));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ioctl_ficlone", "copy_file_range"})
  void holesStayHoles(String denied) throws IOException {
    Path source = sparse();
    Syscalls sys =
        new DenyingSyscalls(Machine.kernel())
            .deny(Errno.EOPNOTSUPP, "ioctl_ficlone", denied)
            .syscalls();

    copy(sys, source, CopyMonitor.NONE);

    assertCopied(source);
    assertThat(Files.size(temp.resolve("target"))).isEqualTo(64L * MIB);
    assertThat(blocks("target")).isLessThanOrEqualTo(blocks("source") + 64);
  }

  @Test
  void aFileWithoutHolesIsCopiedWhereSeekingDataIsUnknown() throws IOException {
    Path source = sparse();
    Syscalls old = Machine.failing(Errno.EINVAL, "lseek", args -> (int) args[2] >= Abi.SEEK_DATA);

    copy(old, source, CopyMonitor.NONE);

    assertCopied(source);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/proc/self/status",
        "/proc/cpuinfo",
        "/sys/kernel/mm/transparent_hugepage/enabled"
      })
  void filesThatLieAboutTheirSizeAreReadToTheEnd(String file) throws IOException {
    Requirement.present(Files.exists(Path.of(file)), file);

    copy(Machine.kernel(), Path.of(file), CopyMonitor.NONE);

    String copied = Files.readString(temp.resolve("target"));
    assertThat(copied).isNotEmpty().endsWith("\n").doesNotContain("\0");
  }

  @Test
  void theMonitorIsToldOftenAndMayEndTheCopy() throws IOException {
    Path source = random(40 * MIB);
    List<Long> told = new ArrayList<>();
    TracingSyscalls trace =
        new TracingSyscalls(
            new DenyingSyscalls(Machine.kernel())
                .deny(Errno.EOPNOTSUPP, "ioctl_ficlone")
                .syscalls());

    assertThatThrownBy(
            () ->
                copy(
                    trace.syscalls(),
                    source,
                    (done, total) -> {
                      assertThat(total).isEqualTo(40L * MIB);
                      told.add(done);
                      if (told.size() == 3) {
                        throw new IOException("enough");
                      }
                    }))
        .hasMessage("enough");

    assertThat(told).containsExactly(8L * MIB, 16L * MIB, 24L * MIB);
  }

  @Test
  void whatGrowsMeanwhileIsCopiedToItsEnd() throws IOException {
    Path source = random(9 * MIB);
    Syscalls bytes =
        new DenyingSyscalls(Machine.kernel())
            .deny(Errno.EXDEV, "ioctl_ficlone", "copy_file_range")
            .syscalls();
    boolean[] grown = {false};

    copy(
        bytes,
        source,
        (done, total) -> {
          if (!grown[0]) {
            grown[0] = true;
            Files.write(source, new byte[1000], StandardOpenOption.APPEND);
          }
        });

    assertCopied(source);
  }

  @Test
  void aMountThatCannotShareBlocksIsAskedOnce() throws IOException {
    Path source = random(1000);
    TracingSyscalls trace =
        new TracingSyscalls(
            new DenyingSyscalls(Machine.kernel())
                .deny(Errno.EOPNOTSUPP, "ioctl_ficlone")
                .syscalls());
    LinuxEngine engine = Machine.engine(trace.syscalls());
    try (FileHandle path = engine.ambient().open(Machine.route(source), LinkMode.FOLLOW);
        Dir dir = engine.ambient().openDir(Machine.route(temp), LinkMode.FOLLOW)) {
      for (String target : new String[] {"one", "two", "three"}) {
        try (FileHandle readable = path.reopen(Access.READ);
            FileHandle copy = dir.create(name(target), 0600).orElseThrow()) {
          readable.copyContentTo(copy, CopyMonitor.NONE);
        }
        assertThat(Files.mismatch(source, temp.resolve(target))).isEqualTo(-1);
      }
    }

    assertThat(trace.count("ioctl_ficlone")).isEqualTo(1);
    assertThat(trace.names()).doesNotContain("lseek", "ftruncate", "copy_file_range");
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.EXDEV, Errno.EINVAL, Errno.ENOSYS})
  void aRefusalOfOneCloneIsNoWordAboutTheMount(int errno) throws IOException {
    Path source = random(1000);
    TracingSyscalls trace =
        new TracingSyscalls(
            new DenyingSyscalls(Machine.kernel()).deny(errno, "ioctl_ficlone").syscalls());
    LinuxEngine engine = Machine.engine(trace.syscalls());
    try (FileHandle path = engine.ambient().open(Machine.route(source), LinkMode.FOLLOW);
        FileHandle readable = path.reopen(Access.READ);
        Dir dir = engine.ambient().openDir(Machine.route(temp), LinkMode.FOLLOW)) {
      for (String target : new String[] {"one", "two"}) {
        try (FileHandle copy = dir.create(name(target), 0600).orElseThrow()) {
          readable.copyContentTo(copy, CopyMonitor.NONE);
        }
        assertThat(Files.mismatch(source, temp.resolve(target))).isEqualTo(-1);
      }
    }

    assertThat(trace.count("ioctl_ficlone")).isEqualTo(2);
  }

  private long copyRangeCallsOfThreeCopies(Syscalls sys) throws IOException {
    Path source = random(MIB);
    TracingSyscalls trace = new TracingSyscalls(sys);
    LinuxEngine engine = Machine.engine(trace.syscalls());
    try (FileHandle path = engine.ambient().open(Machine.route(source), LinkMode.FOLLOW);
        Dir dir = engine.ambient().openDir(Machine.route(temp), LinkMode.FOLLOW)) {
      for (String target : new String[] {"one", "two", "three"}) {
        try (FileHandle readable = path.reopen(Access.READ);
            FileHandle copy = dir.create(name(target), 0600).orElseThrow()) {
          readable.copyContentTo(copy, CopyMonitor.NONE);
        }
        assertThat(Files.mismatch(source, temp.resolve(target))).isEqualTo(-1);
      }
    }
    return trace.count("copy_file_range");
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOSYS, Errno.EPERM})
  @Tag("K4")
  void aKernelThatCopiesNoRangesIsAskedOnceAndOnceMoreToBeSure(int errno) throws IOException {
    Syscalls denied =
        new DenyingSyscalls(Machine.kernel())
            .deny(errno, "copy_file_range", "ioctl_ficlone")
            .syscalls();

    assertThat(copyRangeCallsOfThreeCopies(denied)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOSYS, Errno.EPERM})
  @Tag("K4")
  void aRefusalOfOneRangeIsNoWordAboutTheKernel(int errno) throws IOException {
    Syscalls denied =
        new DenyingSyscalls(Machine.failing(errno, "copy_file_range", args -> (int) args[0] >= 0))
            .deny(Errno.EOPNOTSUPP, "ioctl_ficlone")
            .syscalls();

    // Three, and three witnesses.
    assertThat(copyRangeCallsOfThreeCopies(denied)).isEqualTo(6);
  }

  private int blocks(String file) throws IOException {
    byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
    try (FileHandle handle = Machine.handle(temp.resolve(file))) {
      StatxReader.read(Machine.kernel(), ((FdFile) handle).fd(), statx);
    }
    return (int) Structs.statxBlocks(statx);
  }
}

package dev.safefs.linux;

import static dev.safefs.linux.Machine.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.handle.Capability;
import dev.safefs.handle.Dir;
import dev.safefs.handle.RenameResult;
import dev.safefs.request.Replace;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FdDirRenameTest extends InFdDir {
  @Test
  @Tag("M1")
  void renameWithoutReplaceLeavesAnExistingTargetAlone() throws IOException {
    write("a", "a");
    write("b", "b");

    assertThat(dir.rename(name("a"), dir, name("b"), Replace.NO_REPLACE))
        .isEqualTo(RenameResult.EXISTS);
    assertThat(dir.rename(name("a"), dir, name("c"), Replace.NO_REPLACE))
        .isEqualTo(RenameResult.RENAMED);

    assertThat(read("b")).isEqualTo("b");
    assertThat(read("c")).isEqualTo("a");
    assertThat(temp.resolve("a")).doesNotExist();
  }

  @Test
  @Tag("M2")
  void renameReplacesWhatMayBeReplaced() throws IOException {
    write("a", "a");
    write("b", "b");
    Files.createDirectories(temp.resolve("full/x"));
    Files.createDirectory(temp.resolve("empty"));
    Files.createDirectory(temp.resolve("d"));

    assertThat(dir.rename(name("a"), dir, name("b"), Replace.REPLACE))
        .isEqualTo(RenameResult.RENAMED);
    assertThat(dir.rename(name("d"), dir, name("full"), Replace.REPLACE))
        .isEqualTo(RenameResult.NOT_EMPTY);
    assertThat(dir.rename(name("b"), dir, name("empty"), Replace.REPLACE))
        .isEqualTo(RenameResult.TYPE_MISMATCH);
    assertThat(dir.rename(name("d"), dir, name("b"), Replace.REPLACE))
        .isEqualTo(RenameResult.TYPE_MISMATCH);
    assertThat(dir.rename(name("d"), dir, name("empty"), Replace.REPLACE))
        .isEqualTo(RenameResult.RENAMED);
    assertThat(read("b")).isEqualTo("a");
  }

  @Test
  @Tag("M5")
  void exchangeSwapsTwoNames() throws IOException {
    write("a", "a");
    Files.createDirectory(temp.resolve("d"));

    assertThat(dir.rename(name("a"), dir, name("d"), Replace.EXCHANGE))
        .isEqualTo(RenameResult.RENAMED);
    assertThat(dir.rename(name("a"), dir, name("none"), Replace.EXCHANGE))
        .isEqualTo(RenameResult.ABSENT);

    assertThat(read("d")).isEqualTo("a");
    assertThat(temp.resolve("a")).isDirectory();
  }

  @ParameterizedTest
  @EnumSource(Replace.class)
  void renameOfNothingIsAbsent(Replace replace) throws IOException {
    write("b", "b");

    assertThat(dir.rename(name("a"), dir, name("b"), replace))
        .isIn(RenameResult.ABSENT, RenameResult.EXISTS);
    assertThat(read("b")).isEqualTo("b");
  }

  @ParameterizedTest
  @EnumSource(
      value = Replace.class,
      names = {"NO_REPLACE", "REPLACE"})
  void aDirectoryDoesNotGoIntoItself(Replace replace) throws IOException {
    Files.createDirectories(temp.resolve("d/e/f"));
    try (Dir e = Machine.dir(temp.resolve("d/e"))) {
      assertThatThrownBy(() -> dir.rename(name("d"), e, name("new"), replace))
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessageContaining("EINVAL");
      assertThat(e.capabilities().mayHave(Capability.RENAME_NO_REPLACE)).isTrue();
    }
    assertThat(temp.resolve("d/e/f")).isDirectory();
  }

  @Test
  void aDirectoryIsNotExchangedWithWhatItHolds() throws IOException {
    Files.createDirectories(temp.resolve("d/e"));
    try (Dir d = Machine.dir(temp.resolve("d"))) {
      assertThatThrownBy(() -> dir.rename(name("d"), d, name("e"), Replace.EXCHANGE))
          .hasMessageContaining("renameat2: EINVAL");
      assertThatThrownBy(() -> d.rename(name("e"), dir, name("d"), Replace.EXCHANGE))
          .hasMessageContaining("renameat2: EINVAL");
    }
  }

  @Test
  @Tag("M4")
  void twoNamesOfOneFileStayBoth() throws IOException {
    write("a", "a");
    Files.createLink(temp.resolve("b"), temp.resolve("a"));

    assertThat(dir.rename(name("a"), dir, name("b"), Replace.REPLACE))
        .isEqualTo(RenameResult.RENAMED);
    assertThat(dir.rename(name("a"), dir, name("b"), Replace.NO_REPLACE))
        .isEqualTo(RenameResult.EXISTS);
    assertThat(temp.resolve("a")).exists();
    assertThat(temp.resolve("b")).exists();
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EINVAL, Errno.ENOSYS, Errno.EOPNOTSUPP, Errno.ENOTTY, Errno.EPERM})
  @Tag("K4")
  void aMissingRenameat2IsUnsupportedAndTouchesNothing(int errno) throws IOException {
    write("a", "a");
    Syscalls denied = new DenyingSyscalls(Machine.kernel()).deny(errno, "renameat2").syscalls();
    try (Dir poor = over(denied)) {
      assertThat(poor.rename(name("a"), poor, name("b"), Replace.NO_REPLACE))
          .isEqualTo(RenameResult.UNSUPPORTED);
      assertThat(poor.capabilities().mayHave(Capability.RENAME_NO_REPLACE)).isFalse();
    }
    assertThat(temp.resolve("a")).exists();
  }

  @Test
  @Tag("K4")
  void whatTheWitnessDoesNotConfirmIsNotRemembered() throws IOException {
    write("a", "a");
    FaultingSyscalls once = FaultingSyscalls.once(Machine.kernel(), 1, Errno.ENOSYS, "renameat2");
    try (Dir poor = over(once.syscalls())) {
      assertThat(poor.rename(name("a"), poor, name("b"), Replace.NO_REPLACE))
          .isEqualTo(RenameResult.UNSUPPORTED);
      assertThat(poor.capabilities().mayHave(Capability.RENAME_NO_REPLACE)).isTrue();
    }
  }
}

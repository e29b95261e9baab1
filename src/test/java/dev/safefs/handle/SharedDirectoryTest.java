package dev.safefs.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of proc_sys_fs(5), and what is taken for granted where they cannot be read. */
@Tag("R1")
@Tag("W4")
class SharedDirectoryTest {
  private static final int OWNER = 10;
  private static final int OVERFLOW = 65534;

  private static SharedDirectory directory(String mode, int owner, String level) {
    OptionalInt setting =
        level.equals("?") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(level));
    return new SharedDirectory(
        Integer.parseInt(mode, 8), owner, user -> user != OVERFLOW, name -> setting);
  }

  private static Stat file(FileType type, int owner) {
    Instant time = Instant.EPOCH;
    Identity identity = new Identity("key", "", 0, 0);
    return new Stat(type, 0666, owner, owner, 0, 1, 0, time, time, time, identity);
  }

  @ParameterizedTest
  @CsvSource({
    "1777, 10, 11, true",
    "1777, 10, 10, false",
    "0777, 10, 11, false",
    "1755, 10, 11, false",
    "1775, 10, 11, false",
    "1777, 65534, 11, true",
    "1777, 65534, 65534, true",
  })
  void linksOfOthersAreNotFollowedWhereAllMayWrite(
      String mode, int directoryOwner, int owner, boolean refused) {
    assertThat(directory(mode, directoryOwner, "0").refusesToFollow(owner)).isEqualTo(refused);
  }

  @ParameterizedTest
  @CsvSource({
    "1777, REGULAR, 11, 0, false",
    "1777, REGULAR, 11, 1, true",
    "1777, REGULAR, 11, 2, true",
    "1777, REGULAR, 11, ?, true",
    "1777, FIFO, 11, 1, true",
    "1777, FIFO, 11, ?, true",
    "1777, CHARACTER_DEVICE, 11, 2, false",
    "1777, REGULAR, 10, 2, false",
    "0777, REGULAR, 11, 2, false",
    "1775, REGULAR, 11, 1, false",
    "1775, REGULAR, 11, ?, false",
    "1775, REGULAR, 11, 2, true",
    "1755, REGULAR, 11, 2, false",
  })
  void filesOfOthersAreNotTakenWhereItIsAskedFor(
      String mode, FileType type, int owner, String level, boolean refused) {
    assertThat(directory(mode, OWNER, level).refusesToTake(file(type, owner))).isEqualTo(refused);
  }
}

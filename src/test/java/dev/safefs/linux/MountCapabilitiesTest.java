package dev.safefs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.handle.Capability;
import dev.safefs.sys.Structs;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MountCapabilitiesTest {
  private final MountCapabilities mounts = new MountCapabilities();

  @Test
  void whatOneMountLacksAnotherMayHave() {
    mounts.lacks(mount(1, 7), Capability.HARD_LINK);
    mounts.lacks(mount(1, 7), Capability.ANONYMOUS_FILE);

    assertThat(mounts.mayHave(mount(1, 7), Capability.HARD_LINK)).isFalse();
    assertThat(mounts.mayHave(mount(1, 7), Capability.ANONYMOUS_FILE)).isFalse();
    assertThat(mounts.mayHave(mount(1, 7), Capability.REFLINK)).isTrue();
    assertThat(mounts.mayHave(mount(2, 7), Capability.HARD_LINK)).isTrue();
  }

  @Test
  void aCapabilityThatNoMountLacksNeedsNoLookAtTheMount() {
    mounts.lacks(mount(1, 7), Capability.REFLINK);

    assertThat(mounts.isLackedAnywhere(Capability.REFLINK)).isTrue();
    assertThat(mounts.isLackedAnywhere(Capability.HARD_LINK)).isFalse();
  }

  @Test
  void aFullMemoryForgets() {
    MountKey first = mount(1, 1);
    mounts.examined(first, Set.of(Capability.SYNC_ANONYMOUS));
    assertThat(mounts.isExamined(first)).isTrue();

    for (int i = 2; i < 1000; i++) {
      mounts.examined(mount(i, 1), Set.of());
    }

    assertThat(mounts.isExamined(first)).isFalse();
    assertThat(mounts.mayHave(first, Capability.SYNC_ANONYMOUS)).isTrue();
  }

  @Test
  void mountsAreToldApartByIdsOfOneKindElseByDevice() {
    assertThat(mount(0, 1).isPerhaps(mount(0, 1))).isTrue();
    assertThat(mount(0, 1).isPerhaps(mount(0, 2))).isFalse();
    assertThat(mount(5, 1).isPerhaps(mount(5, 2))).isTrue();
    assertThat(mount(5, 1).isPerhaps(mount(6, 1))).isFalse();
    assertThat(mount(5, 1).isPerhaps(unique(6, 1))).isTrue();
  }

  @Test
  void idsOfTwoKindsAreNeverOneMounts() {
    MountKey unique = unique(5, 1);
    mounts.lacks(mount(5, 1), Capability.HARD_LINK);

    assertThat(mounts.mayHave(unique, Capability.HARD_LINK)).isTrue();
    assertThat(unique)
        .isNotEqualTo(mount(5, 1))
        .isEqualTo(unique(5, 1))
        .hasSameHashCodeAs(unique(5, 1));
  }

  private static MountKey unique(long id, long device) {
    return new MountKey(MountKey.Kind.UNIQUE_ID, id, device);
  }

  /** What was found out about one mount is no word about the next one that gets its key. */
  @Test
  @Tag("K4")
  void anExperimentIsRepeatedWhereTheKeyIsUsedAgain() throws IOException {
    MountKey unique = new MountKey(MountKey.Kind.UNIQUE_ID, 1, 7);
    MountKey ofDisk = new MountKey(MountKey.Kind.ID, 2, Structs.makedev(8, 1));
    for (MountKey key : List.of(unique, ofDisk, mount(3, 7), mount(0, 7))) {
      int[] made = {0};
      for (int i = 0; i < 3; i++) {
        mounts.isShown(key, Capability.RENAME_EXCHANGE, () -> ++made[0] > 0);
      }
      assertThat(made[0]).as("%s", key).isEqualTo(key == unique || key == ofDisk ? 1 : 3);
    }
  }

  /** A group of processes that was unmounted is no word about the files that come in its place. */
  @Test
  @Tag("W1")
  void whatAFileSystemSaysReplacesWhatAnotherSaidThatHadTheKey() {
    mounts.lacks(mount(1, 7), Capability.HARD_LINK);
    mounts.examined(mount(1, 7), Set.of(Capability.STORAGE, Capability.LOCAL));
    mounts.examined(mount(1, 7), Set.of(Capability.CHANGE_TIME));

    assertThat(mounts.mayHave(mount(1, 7), Capability.STORAGE)).isTrue();
    assertThat(mounts.mayHave(mount(1, 7), Capability.LOCAL)).isTrue();
    assertThat(mounts.mayHave(mount(1, 7), Capability.CHANGE_TIME)).isFalse();
    assertThat(mounts.mayHave(mount(1, 7), Capability.HARD_LINK)).isFalse();
  }

  /** Of two that a file system lacks, neither is forgotten when the other is kept. */
  @Test
  void whatAFileSystemSaysIsKeptWhole() {
    for (int i = 1; i < 600; i++) {
      mounts.examined(mount(i, 1), Set.of(Capability.LOCAL, Capability.CHANGE_TIME));
      assertThat(mounts.mayHave(mount(i, 1), Capability.LOCAL)).as("%d", i).isFalse();
      assertThat(mounts.mayHave(mount(i, 1), Capability.CHANGE_TIME)).as("%d", i).isFalse();
    }
  }

  private static MountKey mount(long id, long device) {
    return new MountKey(id == 0 ? MountKey.Kind.DEVICE : MountKey.Kind.ID, id, device);
  }
}

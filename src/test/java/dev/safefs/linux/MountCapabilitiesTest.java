package dev.safefs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.handle.Capability;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MountCapabilitiesTest {
  private final MountCapabilities mounts = new MountCapabilities();

  @Test
  void whatOneMountLacksAnotherMayHave() {
    mounts.lacks(new MountKey(1, 7), Capability.HARD_LINK);
    mounts.lacks(new MountKey(1, 7), Capability.ANONYMOUS_FILE);

    assertThat(mounts.mayHave(new MountKey(1, 7), Capability.HARD_LINK)).isFalse();
    assertThat(mounts.mayHave(new MountKey(1, 7), Capability.ANONYMOUS_FILE)).isFalse();
    assertThat(mounts.mayHave(new MountKey(1, 7), Capability.REFLINK)).isTrue();
    assertThat(mounts.mayHave(new MountKey(2, 7), Capability.HARD_LINK)).isTrue();
  }

  @Test
  void aCapabilityThatNoMountLacksNeedsNoLookAtTheMount() {
    mounts.lacks(new MountKey(1, 7), Capability.REFLINK);

    assertThat(mounts.isLackedAnywhere(Capability.REFLINK)).isTrue();
    assertThat(mounts.isLackedAnywhere(Capability.HARD_LINK)).isFalse();
  }

  @Test
  void aFullMemoryForgets() {
    MountKey first = new MountKey(1, 1);
    mounts.examined(first, Set.of(Capability.SYNC_ANONYMOUS));
    assertThat(mounts.isExamined(first)).isTrue();

    for (int i = 2; i < 1000; i++) {
      mounts.examined(new MountKey(i, 1), Set.of());
    }

    assertThat(mounts.isExamined(first)).isFalse();
    assertThat(mounts.mayHave(first, Capability.SYNC_ANONYMOUS)).isTrue();
  }

  @Test
  void mountsWithoutIdAreToldApartByDevice() {
    assertThat(new MountKey(0, 1).isSameMount(new MountKey(0, 1))).isTrue();
    assertThat(new MountKey(0, 1).isSameMount(new MountKey(0, 2))).isFalse();
    assertThat(new MountKey(5, 1).isSameMount(new MountKey(5, 2))).isTrue();
    assertThat(new MountKey(5, 1).isSameMount(new MountKey(6, 1))).isFalse();
  }
}

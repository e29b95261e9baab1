package dev.safefs.op;

import static dev.safefs.handle.Capability.ANONYMOUS_FILE;
import static dev.safefs.handle.Capability.HARD_LINK;
import static dev.safefs.handle.Capability.RENAME_NO_REPLACE;
import static dev.safefs.handle.Capability.SYNC_ANONYMOUS;
import static dev.safefs.op.PublishStrategy.ANONYMOUS_LINK;
import static dev.safefs.op.PublishStrategy.ANONYMOUS_LINK_RENAME;
import static dev.safefs.op.PublishStrategy.STAGED_CLAIM;
import static dev.safefs.op.PublishStrategy.STAGED_LINK;
import static dev.safefs.op.PublishStrategy.STAGED_RENAME;
import static dev.safefs.request.Replace.NO_REPLACE;
import static dev.safefs.request.Replace.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Durability;
import dev.safefs.handle.Capability;
import dev.safefs.request.Replace;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which strategy is chosen where what is missing. */
@Tag("W1")
class PublishStrategyTest {
  private static final Set<Capability> ALL = EnumSet.allOf(Capability.class);

  private static PublishStrategy without(Replace replace, Capability... missing) {
    Set<Capability> present = EnumSet.copyOf(ALL);
    present.removeAll(Set.of(missing));
    return PublishStrategy.choose(present::contains, replace, Durability.FILE).get(0);
  }

  @Test
  void anAnonymousFileIsLinkedToANewName() {
    assertThat(without(NO_REPLACE)).isEqualTo(ANONYMOUS_LINK);
  }

  @Test
  void anAnonymousFileIsStagedToReplaceAName() {
    assertThat(without(REPLACE)).isEqualTo(ANONYMOUS_LINK_RENAME);
  }

  @Test
  void anAnonymousFileIsStagedWhereItCannotBeSyncedBefore() {
    assertThat(without(NO_REPLACE, SYNC_ANONYMOUS)).isEqualTo(ANONYMOUS_LINK_RENAME);
    assertThat(without(NO_REPLACE, SYNC_ANONYMOUS, RENAME_NO_REPLACE)).isEqualTo(STAGED_LINK);
    assertThat(PublishStrategy.choose(c -> c != SYNC_ANONYMOUS, NO_REPLACE, Durability.NONE))
        .startsWith(ANONYMOUS_LINK);
  }

  @Test
  void aStagedFileIsRenamedWhereThereAreNoAnonymousOnes() {
    assertThat(without(REPLACE, ANONYMOUS_FILE)).isEqualTo(STAGED_RENAME);
    assertThat(without(NO_REPLACE, ANONYMOUS_FILE)).isEqualTo(STAGED_RENAME);
  }

  @Test
  void aStagedFileIsLinkedWhereRenameIsNotExclusive() {
    assertThat(without(NO_REPLACE, ANONYMOUS_FILE, RENAME_NO_REPLACE)).isEqualTo(STAGED_LINK);
  }

  @Test
  void theNameIsClaimedWhereNothingIsExclusiveButCreation() {
    assertThat(without(NO_REPLACE, ANONYMOUS_FILE, RENAME_NO_REPLACE, HARD_LINK))
        .isEqualTo(STAGED_CLAIM);
  }

  @Test
  void aRenameIsTheLastResortForReplacing() {
    assertThat(without(REPLACE, ANONYMOUS_FILE, RENAME_NO_REPLACE, HARD_LINK))
        .isEqualTo(STAGED_RENAME);
  }
}

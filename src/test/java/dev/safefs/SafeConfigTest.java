package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Settings. */
class SafeConfigTest {

  @Test
  void valuesAreConstantsOrTheirNamesInAnyCase() {
    SafeConfig config =
        SafeConfig.confined()
            .with(Map.of("links", LinkPolicy.REFUSE, "durability", "file_and_name"));

    assertThat(config.links()).isEqualTo(LinkPolicy.REFUSE);
    assertThat(config.durability()).isEqualTo(Durability.FILE_AND_NAME);
    assertThat(config.mounts()).isEqualTo(MountPolicy.CROSS);
  }

  @Test
  void anEnvironmentMapRoundTrips() {
    SafeConfig config =
        SafeConfig.installed().with("guard", "/srv/a:/srv/b").with("hardLinks", "refuse");

    assertThat(SafeConfig.confined().with(config.toEnv())).isEqualTo(config);
    assertThat(config.guard()).containsExactly("/srv/a", "/srv/b");
    assertThat(SafeConfig.ambient().with("guard", List.of("/srv/c")).guard())
        .containsExactly("/srv/c");
  }

  @Test
  @Tag("K5")
  void anUnknownKeyIsNamed() {
    assertThatThrownBy(() -> SafeConfig.confined().with(Map.of("linkz", "REFUSE")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'linkz'")
        .hasMessageContaining("links");
  }

  @Test
  @Tag("K5")
  void anUnknownValueIsNamedWithItsKey() {
    assertThatThrownBy(() -> SafeConfig.confined().with(Map.of("links", "MAYBE")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'MAYBE'")
        .hasMessageContaining("'links'")
        .hasMessageContaining("BENEATH");
    assertThatThrownBy(() -> SafeConfig.confined().with("links", null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SafeConfig.confined().with("links", MountPolicy.STAY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Tag("K5")
  void aGuardIsAnAbsolutePath() {
    assertThatThrownBy(() -> SafeConfig.ambient().with("guard", "uploads"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'uploads'")
        .hasMessageContaining("'guard'");
    assertThatThrownBy(() -> SafeConfig.ambient().with("guard", "/srv/a:/srv/b/../c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/srv/b/../c");
    assertThatThrownBy(() -> SafeConfig.ambient().with("guard", 7))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void systemPropertiesAreOnTop() {
    Map<String, String> properties = Map.of("safefs.strictness", "strict", "links", "REFUSE");

    SafeConfig config = SafeConfig.installed().withProperties(properties::get);

    assertThat(config.strictness()).isEqualTo(Strictness.STRICT);
    assertThat(config.links()).isEqualTo(LinkPolicy.BENEATH);
  }
}

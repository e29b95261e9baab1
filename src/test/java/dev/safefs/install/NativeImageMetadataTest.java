package dev.safefs.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The metadata for native images is well-formed, and what it names exists. No image is built: that
 * takes GraalVM.
 */
class NativeImageMetadataTest {
  private static final String FILE =
      "META-INF/native-image/dev.safefs/safefs/reachability-metadata.json";

  private Map<?, ?> metadata;

  @BeforeEach
  void read() throws IOException {
    try (InputStream in = getClass().getClassLoader().getResourceAsStream(FILE)) {
      metadata = (Map<?, ?>) Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static List<?> list(Map<?, ?> object, String name) {
    return object.containsKey(name) ? (List<?>) object.get(name) : List.of();
  }

  @Test
  void itHasTheSectionsOfTheSchema() {
    assertThat(metadata.keySet())
        .isEqualTo(Set.of("comment", "reflection", "resources", "foreign"));
  }

  @Test
  void everyMemberNamedExists() throws Exception {
    for (Object entry : list(metadata, "reflection")) {
      Map<?, ?> type = (Map<?, ?>) entry;
      if (type.get("type") instanceof Map<?, ?> proxied) {
        for (Object name : list(proxied, "proxy")) {
          assertThat(Class.forName((String) name).isInterface()).as("%s", name).isTrue();
        }
        continue;
      }
      if (isLeftOutHere((String) type.get("type"))) {
        continue;
      }
      Class<?> named = Class.forName((String) type.get("type"), false, getClass().getClassLoader());
      for (Object method : list(type, "methods")) {
        assertMethodExists(named, (Map<?, ?>) method);
      }
      for (Object field : list(type, "fields")) {
        String name = (String) ((Map<?, ?>) field).get("name");
        assertThatCode(() -> named.getDeclaredField(name)).doesNotThrowAnyException();
      }
    }
  }

  private static boolean isLeftOutHere(String type) {
    return Runtime.version().feature() < 22
        && (type.startsWith("dev.safefs.sys.Ffm") || type.startsWith("dev.safefs.op.Arena"));
  }

  private static void assertMethodExists(Class<?> type, Map<?, ?> method) throws Exception {
    Class<?>[] parameters = new Class<?>[list(method, "parameterTypes").size()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = Class.forName((String) list(method, "parameterTypes").get(i));
    }
    String name = (String) method.get("name");
    if (name.equals("<init>")) {
      assertThat(type.getDeclaredConstructor(parameters)).isNotNull();
    } else {
      assertThat(type.getDeclaredMethod(name, parameters)).isNotNull();
    }
  }

  @Test
  void everyResourceNamedExists() {
    for (Object entry : list(metadata, "resources")) {
      String glob = (String) ((Map<?, ?>) entry).get("glob");
      assertThat(getClass().getClassLoader().getResource(glob)).as(glob).isNotNull();
    }
  }

  @Test
  void bothProvidersAreNamed() {
    assertThat(list(metadata, "reflection"))
        .extracting(entry -> (Object) ((Map<?, ?>) entry).get("type"))
        .contains("dev.safefs.SafeFileSystemProvider", "dev.safefs.SafeDefaultFileSystemProvider");
  }

  /** As FfmTrap links it: {@code syscall} as a function of a number and six arguments. */
  @Test
  void theDowncallIsThatOfTheBackend() {
    List<?> downcalls = list((Map<?, ?>) metadata.get("foreign"), "downcalls");
    assertThat(downcalls)
        .isEqualTo(
            List.of(
                Map.of(
                    "returnType",
                    "jlong",
                    "parameterTypes",
                    Collections.nCopies(7, "jlong"),
                    "options",
                    Map.of("captureCallState", true))));
  }

  @Test
  void brokenJsonIsNoticed() {
    for (String broken :
        List.of("{", "{\"a\": }", "[1, ]", "{\"a\": 1} x", "{\"a\": 1, \"a\": 2}")) {
      assertThatIllegalArgumentException().as(broken).isThrownBy(() -> Json.parse(broken));
    }
  }
}

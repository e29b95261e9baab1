package dev.safefs.portable;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.LinkPolicy;
import dev.safefs.SafeConfig;
import dev.safefs.Strictness;
import dev.safefs.op.Opener;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file that its owner may write and not read, over a provider that has byte channels only. */
@Tag("W2")
@Tag("K4")
class WriteOnlyFileTest {
  private static final SafeConfig RELAXED =
      SafeConfig.confined().with("strictness", Strictness.BEST_EFFORT);

  /** Renames over nothing, and asks for permission, as Jimfs does not. */
  private record Strict(Path root) implements FilteringProvider.Filter {
    @Override
    public void before(String call) throws AccessDeniedException {
      if (call.startsWith("move")) {
        throw new AccessDeniedException("a");
      }
    }

    @Override
    public void opens(Set<? extends OpenOption> options) throws IOException {
      if (options.contains(WRITE)) {
        return;
      }
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.toList()) {
          if (!file.endsWith("a")
              && !Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_READ)) {
            throw new AccessDeniedException(file.toString());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void itIsWrittenInPlaceWhereNothingCanBeRenamedOverIt(BareProvider.Kind kind) throws IOException {
    try (FileSystem fileSystem =
        Jimfs.newFileSystem(Configuration.unix().toBuilder().setAttributeViews("posix").build())) {
      Path root = Files.createDirectories(fileSystem.getPath("/work"));
      BareProvider provider = new BareProvider(fileSystem.provider(), new Strict(root), kind);
      try (Bench bench =
          Bench.over(root, provider, LinkPolicy.BENEATH, (gap, path) -> {}, Set.of())) {
        Path file = bench.file("a", "the old file");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));
        OpenRequest request = OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), RELAXED);
        try (FileChannel channel = Opener.open(bench.place("a", RELAXED), request)) {
          channel.write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(file).hasContent("new");
        assertThat(bench.names()).containsExactly("a");
      }
    }
  }
}

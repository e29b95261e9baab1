package dev.safefs.portable;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.LinkPolicy;
import dev.safefs.SafeConfig;
import dev.safefs.handle.Capability;
import dev.safefs.handle.Dir;
import dev.safefs.op.Opener;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Over a provider that has file channels, but not for all files. */
@Tag("W3")
class SpecialChannelTest {
  private final FileSystem fileSystem = Jimfs.newFileSystem(Configuration.windows());
  private boolean refusesFileChannels;
  private Bench bench;

  @BeforeEach
  void open() throws IOException {
    Path root = Files.createDirectories(fileSystem.getPath("C:\\work"));
    FilteringProvider provider = new FilteringProvider(fileSystem.provider(), this::before);
    bench = Bench.over(root, provider, LinkPolicy.BENEATH);
    bench.file("special", "s");
    bench.file("a", "old");
  }

  private void before(String call) {
    if (refusesFileChannels && call.equals("newFileChannel")) {
      throw new UnsupportedOperationException();
    }
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
    fileSystem.close();
  }

  private FileChannel channel(SafeConfig config, String name, OpenOption... options)
      throws IOException {
    return Opener.open(bench.place(name, config), OpenRequest.parse(Set.of(options), config));
  }

  private void aForcePublishes() throws IOException {
    try (FileChannel channel =
        channel(SafeConfig.confined(), "a", WRITE, CREATE, TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
      assertThat(bench.content("a")).isEqualTo("new");
    }
    try (Dir dir = bench.dir()) {
      assertThat(dir.capabilities().mayHave(Capability.SYNC_CONTENT)).isTrue();
    }
  }

  @Test
  void oneThatIsReadByByteChannelSaysNothingOfOthers() throws IOException {
    refusesFileChannels = true;
    channel(SafeConfig.confined(), "special", READ).close();
    refusesFileChannels = false;
    aForcePublishes();
  }

  @Test
  void oneThatIsMadeByByteChannelSaysNothingOfTheNext() throws IOException {
    refusesFileChannels = true;
    SafeConfig unsynced = SafeConfig.confined().with("durability", "NONE");
    channel(unsynced, "special", WRITE, CREATE, TRUNCATE_EXISTING).close();
    refusesFileChannels = false;
    aForcePublishes();
  }
}

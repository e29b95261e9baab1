package dev.safefs.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.safefs.LinkPolicy;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a provider that wraps another one's channels, each kind in a class of its own. */
class WrappedChannelTest {
  @Test
  @Tag("W6")
  void aDirectoryIsOpenedAndSyncedThroughAWrapper(@TempDir Path temp) throws IOException {
    Files.createDirectory(temp.resolve("d"));
    FilteringProvider provider = new FilteringProvider(temp.getFileSystem().provider(), call -> {});
    try (Bench bench = Bench.over(temp, provider, LinkPolicy.BENEATH);
        Dir root = bench.dir();
        FileHandle dir = root.find(Bench.name("d")).orElseThrow();
        FileChannel channel = dir.channel(Set.of(StandardOpenOption.READ))) {
      assertThatCode(() -> channel.force(true)).doesNotThrowAnyException();
    }
    assertThat(provider.open()).isEmpty();
  }
}

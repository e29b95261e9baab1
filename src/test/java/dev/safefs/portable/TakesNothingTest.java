package dev.safefs.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.LinkPolicy;
import dev.safefs.op.Copier;
import dev.safefs.request.CopyRequest;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over a provider whose channels take no byte, and do not say why. */
@Tag("K3")
@Tag("C2")
class TakesNothingTest {

  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aCopyFailsAndLeavesNothing() throws IOException {
    try (FileSystem fileSystem = Jimfs.newFileSystem(Configuration.unix())) {
      Path root = Files.createDirectories(fileSystem.getPath("/work"));
      FilteringProvider provider =
          new FilteringProvider(
              fileSystem.provider(),
              new FilteringProvider.Filter() {
                @Override
                public void before(String call) {}

                @Override
                public boolean takes() {
                  return false;
                }
              });
      try (Bench bench = Bench.over(root, provider, LinkPolicy.BENEATH)) {
        bench.file("a", "content");
        CopyRequest request = CopyRequest.parse();
        assertThatThrownBy(() -> Copier.copy(bench.place("a"), bench.place("b"), request))
            .isInstanceOf(IOException.class);
        assertThat(bench.names()).containsExactly("a");
      }
    }
  }
}

package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.safefs.Durability;
import dev.safefs.LinkPolicy;
import dev.safefs.SafeConfig;
import dev.safefs.Strictness;
import dev.safefs.op.Copier;
import dev.safefs.op.Deleter;
import dev.safefs.op.Mover;
import dev.safefs.op.Opener;
import dev.safefs.op.TreeOps;
import dev.safefs.op.TreePlan;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** As {@link AnomalyTest}, over a provider with byte channels only, of which nothing is known. */
@ParameterizedClass
@EnumSource
@Tag("K3")
class BareAnomalyTest {
  private static final SafeConfig CONFIG =
      SafeConfig.confined()
          .with("strictness", Strictness.BEST_EFFORT)
          .with("durability", Durability.NONE);

  @Parameter BareProvider.Kind kind;

  /** A delegate of a kind. */
  private record Bare(BareProvider.Kind kind) implements Anomalies.Delegate {
    @Override
    public FilteringProvider over(FileSystemProvider inner, FilteringProvider.Filter filter) {
      return new BareProvider(inner, filter, kind);
    }

    @Override
    public Bench open(Path root, FilteringProvider provider) throws IOException {
      return Bench.over(root, provider, LinkPolicy.BENEATH, (gap, path) -> {}, Set.of());
    }
  }

  private Anomalies with(Anomalies.Operation prepare) {
    return Anomalies.of(Ground.JIMFS_WINDOWS, prepare, new Bare(kind));
  }

  private static void write(Bench bench, OpenOption... options) throws IOException {
    OpenRequest request = OpenRequest.parse(Set.of(options), CONFIG);
    try (FileChannel channel = Opener.open(bench.place("a", CONFIG), request)) {
      channel.write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void aReplacedFile() throws IOException {
    with(bench -> bench.file("a", "old"))
        .run(bench -> write(bench, WRITE, CREATE, TRUNCATE_EXISTING), "{a=old}", "{a=new}");
  }

  /** The name of what is seen at once is taken by an empty file first. */
  @Test
  void aNewFile() throws IOException {
    with(bench -> {}).run(bench -> write(bench, WRITE, CREATE, TRUNCATE_EXISTING), "{}", "{a=new}");
    with(bench -> {}).run(bench -> write(bench, WRITE, CREATE_NEW), "{}", "{a=new}", "{a=}");
  }

  @Test
  void aMove() throws IOException {
    with(bench -> bench.file("a", "A"))
        .run(
            bench ->
                Mover.move(bench.place("a", CONFIG), bench.place("b", CONFIG), MoveRequest.parse()),
            "{a=A}",
            "{b=A}");
  }

  @Test
  void aCopyOverAnother() throws IOException {
    with(bench -> {
          bench.file("a", "A");
          bench.file("b", "B");
        })
        .run(
            bench ->
                Copier.copy(
                    bench.place("a", CONFIG),
                    bench.place("b", CONFIG),
                    CopyRequest.parse(REPLACE_EXISTING)),
            "{a=A, b=B}",
            "{a=A, b=A}");
  }

  @Test
  void aDeletion() throws IOException {
    with(bench -> bench.file("a", "A"))
        .run(bench -> Deleter.delete(bench.place("a", CONFIG)), "{a=A}", "{}");
  }

  @Test
  @Tag("D2")
  void aCopiedTree() throws IOException {
    with(bench -> {
          bench.directory("d");
          bench.file("d/x", "X");
        })
        .run(
            bench ->
                TreeOps.copyTree(
                    bench.place("d", CONFIG),
                    bench.place("c", CONFIG),
                    CopyRequest.parse(),
                    TreePlan.STOP),
            "{d=dir, d/x=X}",
            "{c=dir, c/x=X, d=dir, d/x=X}");
  }
}

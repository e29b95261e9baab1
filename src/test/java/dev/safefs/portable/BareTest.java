package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.Durability;
import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.LinkPolicy;
import dev.safefs.SafeConfig;
import dev.safefs.Strictness;
import dev.safefs.op.Copier;
import dev.safefs.op.Deleter;
import dev.safefs.op.Mover;
import dev.safefs.op.Opener;
import dev.safefs.op.PendingWrite;
import dev.safefs.op.TreeOps;
import dev.safefs.op.TreePlan;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Over a provider that has byte channels only, and cannot sync them. */
@ParameterizedClass
@EnumSource
class BareTest {
  private static final SafeConfig RELAXED =
      SafeConfig.confined().with("strictness", Strictness.BEST_EFFORT);

  @Parameter BareProvider.Kind kind;
  private final List<String> accepted = new ArrayList<>();
  private FileSystem fileSystem;
  private Path root;
  private BareProvider provider;
  private Bench bench;
  private boolean irreplaceable;
  private int sizesLeft = Integer.MAX_VALUE;

  @BeforeEach
  void open() throws IOException {
    fileSystem = Jimfs.newFileSystem(Configuration.windows());
    root = Files.createDirectories(fileSystem.getPath("C:\\work"));
    provider = new BareProvider(fileSystem.provider(), this::before, kind);
    bench = bench((gap, path) -> accepted.add(gap.promise() + " " + path));
  }

  private void before(String call) throws FileSystemException {
    if (call.equals("channel.size") && sizesLeft-- == 0) {
      throw new FileSystemException("a");
    }
    if (irreplaceable && call.startsWith("move")) {
      throw new AccessDeniedException("a");
    }
  }

  /** Without what is known of Jimfs. */
  private Bench bench(Gaps gaps) throws IOException {
    return Bench.over(root, provider, LinkPolicy.BENEATH, gaps, Set.of());
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
    assertThat(provider.open()).isEmpty();
    fileSystem.close();
  }

  private FileChannel channel(String name, OpenOption... options) throws IOException {
    return Opener.open(bench.place(name, RELAXED), OpenRequest.parse(Set.of(options), RELAXED));
  }

  private void write(String name, String text, OpenOption... options) throws IOException {
    try (FileChannel channel = channel(name, options)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private String read(String name) throws IOException {
    try (FileChannel channel = channel(name, READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(100);
      channel.read(bytes);
      assertThat(channel.position()).isEqualTo(bytes.position());
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void filesAreRead() throws IOException {
    bench.file("a", "content");
    assertThat(read("a")).isEqualTo("content");
    try (FileChannel channel = channel("a", READ)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      assertThat(channel.read(one, 4)).isEqualTo(1);
      assertThat(one.get(0)).isEqualTo((byte) 'e');
      assertThat(channel.position()).isZero();
      assertThat(channel.size()).isEqualTo(7);
      try (FileChannel sink = channel("sink", WRITE, CREATE, TRUNCATE_EXISTING)) {
        assertThat(channel.transferTo(3, 100, sink)).isEqualTo(4);
      }
      assertThat(bench.content("sink")).isEqualTo("tent");
    }
    assertThatThrownBy(() -> channel("none", READ)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  @Tag("W1")
  void writersPublishOnClose() throws IOException {
    write("a", "first", WRITE, CREATE, TRUNCATE_EXISTING);
    assertThat(bench.content("a")).isEqualTo("first");
    try (FileChannel channel = channel("a", WRITE, CREATE, TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap("second".getBytes(StandardCharsets.UTF_8)));
      assertThat(bench.content("a")).isEqualTo("first");
    }
    assertThat(bench.content("a")).isEqualTo("second");
    assertThat(bench.names()).containsExactly("a");
  }

  /** What is published before the close might be nothing. */
  @Test
  @Tag("W3")
  void forcePublishesNothing() throws IOException {
    bench.file("a", "old");
    try (FileChannel channel = channel("a", WRITE, CREATE, TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap("one".getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
      assertThat(bench.content("a")).isEqualTo("old");
      channel.write(ByteBuffer.wrap("two".getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(bench.content("a")).isEqualTo("onetwo");
    assertThat(bench.names()).containsExactly("a");
  }

  @Test
  @Tag("W7")
  void explicitWritesAreCommitted() throws IOException {
    bench.file("a", "old");
    OpenRequest request = OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), RELAXED);
    for (String text : List.of("abandoned", "committed")) {
      try (PendingWrite pending = PendingWrite.open(bench.place("a", RELAXED), request)) {
        pending.channel().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        if (text.equals("committed")) {
          pending.commit();
        }
      }
      assertThat(bench.content("a")).isEqualTo(text.equals("committed") ? text : "old");
    }
    assertThat(bench.names()).containsExactly("a");
  }

  @Test
  @Tag("W6")
  void whatIsNotSyncedIsToldOfTheUsersPath() throws IOException {
    try (Records records = new Records()) {
      write("a", "x", WRITE, CREATE, TRUNCATE_EXISTING);
      assertThat(records.taken("W6 (content sync)")).singleElement().asString().startsWith("/a: ");
      bench.file("b", "B");
      Copier.copy(bench.place("b", RELAXED), bench.place("c", RELAXED), CopyRequest.parse());
      assertThat(records.taken("W6 (content sync)")).singleElement().asString().startsWith("/c: ");
      bench.directory("d");
      bench.file("d/x", "X");
      TreeOps.copyTree(
          bench.place("d", RELAXED), bench.place("e", RELAXED), CopyRequest.parse(), TreePlan.STOP);
      assertThat(records.taken("W6 (content sync)"))
          .singleElement()
          .asString()
          .startsWith("/d/x: ");
      OpenRequest request = OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), RELAXED);
      try (PendingWrite pending = PendingWrite.open(bench.place("a", RELAXED), request)) {
        pending.channel().force(true);
        assertThat(records.taken("W3 (force)")).singleElement().asString().startsWith("/a: ");
      }
      assertThat(accepted).isEmpty();
    }
  }

  /** What is open is the user's file, and there is no other one. */
  @Test
  @Tag("W6")
  void whatIsWrittenInPlaceAndNotForcedIsTold() throws IOException {
    assumeTrue(kind == BareProvider.Kind.COHERENT);
    bench.file("a", "old");
    try (FileChannel channel = channel("a", WRITE)) {
      channel.force(true);
    }
    assertThat(accepted).containsExactly("W6 /a");
  }

  @Test
  @Tag("W6")
  void nothingIsToldWhereNothingIsToBeDurable() throws IOException {
    write("a", "x", WRITE, CREATE, TRUNCATE_EXISTING);
    accepted.clear();
    SafeConfig none = RELAXED.with("durability", Durability.NONE);
    OpenRequest request = OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), none);
    Opener.open(bench.place("a", none), request).close();
    assertThat(accepted).isEmpty();
    assertThat(bench.content("a")).isEmpty();
  }

  @Test
  @Tag("G2")
  void whoIsStrictKeepsTheOldFile() throws IOException {
    bench.file("a", "old");
    try (Bench strict = bench(Gaps.REFUSED)) {
      SafeConfig config = SafeConfig.confined();
      OpenRequest request = OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), config);
      assertThatThrownBy(() -> Opener.open(strict.place("a", config), request).close())
          .isInstanceOf(GuaranteeUnavailableException.class)
          .hasMessageStartingWith("/a: W6");
    }
    assertThat(bench.content("a")).isEqualTo("old");
    assertThat(bench.names()).containsExactly("a");
  }

  @Test
  @Tag("W5")
  void whatIsCreatedIsCreatedOnce() throws IOException {
    write("a", "new", WRITE, CREATE_NEW);
    assertThat(bench.content("a")).isEqualTo("new");
    assertThatThrownBy(() -> channel("a", WRITE, CREATE_NEW))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  @Tag("W5")
  void filesAreAppendedTo() throws IOException {
    assumeTrue(kind == BareProvider.Kind.COHERENT);
    bench.file("a", "one");
    write("a", "two", APPEND);
    assertThat(bench.content("a")).isEqualTo("onetwo");
  }

  @Test
  void thereAreNoLocksAndNoMaps() throws IOException {
    bench.file("a", "one");
    try (FileChannel channel = channel("a", READ)) {
      assertThatThrownBy(() -> channel.tryLock(0, 1, true))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> channel.map(FileChannel.MapMode.READ_ONLY, 0, 1))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  @Tag("C2")
  void filesAreCopiedAndMoved() throws IOException {
    bench.file("a", "A");
    bench.file("b", "B");
    Copier.copy(
        bench.place("a", RELAXED), bench.place("b", RELAXED), CopyRequest.parse(REPLACE_EXISTING));
    assertThat(bench.content("b")).isEqualTo("A");
    Mover.move(bench.place("b", RELAXED), bench.place("c", RELAXED), MoveRequest.parse());
    Deleter.delete(bench.place("a", RELAXED));
    assertThat(bench.names()).containsExactly("c");
  }

  @Test
  @Tag("D2")
  void treesAreCopiedMovedAndDeleted() throws IOException {
    bench.directory("d");
    bench.directory("d/e");
    bench.file("d/e/x", "X");
    TreeOps.copyTree(
        bench.place("d", RELAXED), bench.place("c", RELAXED), CopyRequest.parse(), TreePlan.STOP);
    assertThat(bench.content("c/e/x")).isEqualTo("X");
    TreeOps.moveTree(
        bench.place("c", RELAXED), bench.place("m", RELAXED), MoveRequest.parse(), TreePlan.STOP);
    assertThat(bench.content("m/e/x")).isEqualTo("X");
    TreeOps.deleteTree(bench.place("m", RELAXED), TreePlan.STOP);
    assertThat(bench.names()).containsExactly("d");
  }

  /** It closed the delegate's channel, and what is written after it is missing. */
  @Test
  @Tag("W2")
  void anInterruptedReadKeepsThePendingFileBack() throws IOException {
    assumeTrue(kind == BareProvider.Kind.COHERENT);
    bench.file("a", "old");
    FileChannel channel = channel("a", READ, WRITE, CREATE, TRUNCATE_EXISTING);
    channel.write(ByteBuffer.wrap("half".getBytes(StandardCharsets.UTF_8)));
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(4), 0))
          .isInstanceOf(ClosedByInterruptException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThatThrownBy(channel::close)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("earlier failure");
    assertThat(bench.content("a")).isEqualTo("old");
    assertThat(bench.names()).containsExactly("a");
  }

  @Test
  void whatTheDelegateClosesIsClosed() throws IOException {
    bench.file("a", "old");
    try (FileChannel channel = channel("a", READ)) {
      for (Object open : provider.open()) {
        ((SeekableByteChannel) open).close();
      }
      assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
          .isInstanceOf(ClosedChannelException.class);
      assertThat(channel.isOpen()).isFalse();
    }
  }

  /** As where nothing can be renamed over it: what is pending is read before the old one is cut. */
  @Test
  @Tag("G2")
  void whatCannotBeReplacedIsWrittenInPlace() throws IOException {
    bench.file("a", "the old file");
    irreplaceable = true;
    write("a", "new", WRITE, CREATE, TRUNCATE_EXISTING);
    assertThat(bench.content("a")).isEqualTo("new");
    assertThat(bench.names()).containsExactly("a");
  }

  @Test
  @Tag("K5")
  void badRangesOfBuffersAreRefused() throws IOException {
    bench.file("a", "old");
    ByteBuffer[] one = {ByteBuffer.allocate(4)};
    try (FileChannel channel = channel("a", READ)) {
      for (int[] range : new int[][] {{0, 2}, {-1, 1}, {0, -1}, {2, 0}, {Integer.MAX_VALUE, 1}}) {
        assertThatThrownBy(() -> channel.read(one, range[0], range[1]))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      assertThat(one[0].position()).isZero();
      assertThat(channel.position()).isZero();
    }
    try (FileChannel channel = channel("b", WRITE, CREATE_NEW)) {
      assertThatThrownBy(() -> channel.write(one, 0, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(one[0].position()).isZero();
    }
  }

  @Test
  @Tag("K3")
  void whatCannotBeMovedToItsEndIsClosed() throws IOException {
    assumeTrue(kind == BareProvider.Kind.COHERENT);
    bench.file("a", "one");
    sizesLeft = 1;
    assertThatThrownBy(() -> channel("a", APPEND)).isInstanceOf(FileSystemException.class);
    assertThat(provider.open()).isEmpty();
  }
}

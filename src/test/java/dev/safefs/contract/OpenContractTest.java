package dev.safefs.contract;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@OverRows
class OpenContractTest extends Twins {
  private static final OpenOption[] BASE = {
    READ, WRITE, APPEND, CREATE, CREATE_NEW, TRUNCATE_EXISTING
  };
  private static final OpenOption[] EXTRA = {
    DELETE_ON_CLOSE, SPARSE, SYNC, DSYNC, LinkOption.NOFOLLOW_LINKS
  };

  OpenContractTest(Row row) {
    super(row);
  }

  /** What a program can see of an open channel: each step's value or exception. */
  private static String use(FileChannel channel) throws Exception {
    List<String> seen = new ArrayList<>();
    try (channel) {
      seen.add("position " + channel.position());
      seen.add("size " + channel.size());
      seen.add(
          step(
              () -> {
                ByteBuffer buffer = ByteBuffer.allocate(64);
                int count = channel.read(buffer);
                return count + StandardCharsets.UTF_8.decode(buffer.flip()).toString();
              }));
      seen.add(
          step(() -> channel.write(ByteBuffer.wrap("written".getBytes(StandardCharsets.UTF_8)))));
      seen.add(step(channel::position));
      seen.add(step(channel::size));
    }
    seen.add("open " + channel.isOpen());
    return seen.toString();
  }

  private interface Step {
    Object run() throws Exception;
  }

  private static String step(Step step) throws Exception {
    try {
      return String.valueOf(step.run());
    } catch (NonReadableChannelException | NonWritableChannelException | java.io.IOException e) {
      return e.getClass().getSimpleName();
    }
  }

  /** All, or one in {@code safefs.contract.step} of them, not the same ones on each row. */
  private List<Set<OpenOption>> optionSets() {
    List<Set<OpenOption>> all = allOptionSets();
    int step = Integer.getInteger("safefs.contract.step", 1);
    return IntStream.range(0, all.size())
        .filter(i -> (i + row().ordinal()) % step == 0)
        .mapToObj(all::get)
        .toList();
  }

  private static List<Set<OpenOption>> allOptionSets() {
    List<Set<OpenOption>> sets = new ArrayList<>();
    for (int bits = 0; bits < 1 << BASE.length; bits++) {
      Set<OpenOption> options = new HashSet<>();
      for (int i = 0; i < BASE.length; i++) {
        if ((bits >> i & 1) == 1) {
          options.add(BASE[i]);
        }
      }
      sets.add(options);
      for (OpenOption extra : EXTRA) {
        Set<OpenOption> more = new HashSet<>(options);
        more.add(extra);
        if (!isLinkFollowedByJdk(more)) {
          sets.add(more);
        }
      }
    }
    return sets;
  }

  /**
   * CREATE_NEW means nothing to a reader, but makes the JDK follow links all the same
   * (docs/differences.md).
   */
  private static boolean isLinkFollowedByJdk(Set<OpenOption> options) {
    return options.contains(CREATE_NEW)
        && !options.contains(WRITE)
        && !options.contains(APPEND)
        && (options.contains(DELETE_ON_CLOSE) || options.contains(LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  @Tag("W1")
  @Tag("W5")
  void newFileChannelHasTheOutcomesOfTheJdk() throws Exception {
    for (String name : Tree.NAMES) {
      for (Set<OpenOption> options : optionSets()) {
        sameOnBoth(
            name + " " + options, root -> use(FileChannel.open(root.resolve(name), options)));
      }
    }
  }

  /** CREATE_NEW means nothing to a reader, also not that links are followed all the same. */
  @Test
  @Tag("R5")
  void aReaderWithCreateNewDoesAsOneWithout() throws Exception {
    for (String name : Tree.NAMES) {
      for (OpenOption option : List.of(LinkOption.NOFOLLOW_LINKS, DELETE_ON_CLOSE)) {
        Outcome without = onSafeFs(root -> read(root.resolve(name), Set.of(READ, option)));
        Outcome with = onSafeFs(root -> read(root.resolve(name), Set.of(READ, CREATE_NEW, option)));
        assertThat(with).as("%s %s", name, option).isEqualTo(without);
      }
    }
  }

  /** What a reader sees by a channel, and by an asynchronous one. */
  private static List<Object> read(Path path, Set<OpenOption> options) throws Exception {
    List<Object> seen = new ArrayList<>();
    seen.add(step(() -> use(FileChannel.open(path, options))));
    seen.add(
        step(
            () -> {
              try (AsynchronousFileChannel channel =
                  AsynchronousFileChannel.open(path, options, null)) {
                return channel.size();
              }
            }));
    return seen;
  }

  @Test
  @Tag("W8")
  void newByteChannelGivesNewFilesTheModeOfTheJdk() throws Exception {
    FileAttribute<?> strict =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------"));
    FileAttribute<?> wide =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx"));
    for (FileAttribute<?> attribute : List.of(strict, wide)) {
      for (Set<OpenOption> options :
          List.<Set<OpenOption>>of(
              Set.of(CREATE, WRITE),
              Set.of(CREATE_NEW, WRITE),
              Set.of(CREATE, WRITE, TRUNCATE_EXISTING),
              Set.of(READ))) {
        for (String name : Tree.NAMES) {
          sameOnBoth(
              name + " " + options,
              Need.view("posix:permissions"),
              root -> {
                try (SeekableByteChannel channel =
                    Files.newByteChannel(root.resolve(name), options, attribute)) {
                  return options.contains(WRITE)
                      ? channel.write(ByteBuffer.allocate(3))
                      : channel.read(ByteBuffer.allocate(64));
                }
              });
        }
      }
    }
  }

  @Test
  void streamsHaveTheOutcomesOfTheJdk() throws Exception {
    OpenOption[][] outputs = {
      {},
      {CREATE_NEW},
      {CREATE},
      {APPEND},
      {WRITE},
      {TRUNCATE_EXISTING},
      {READ},
      {CREATE, APPEND},
      {APPEND, TRUNCATE_EXISTING},
      {SYNC}
    };
    OpenOption[][] inputs = {
      {}, {READ}, {WRITE}, {APPEND}, {CREATE}, {LinkOption.NOFOLLOW_LINKS}, {DELETE_ON_CLOSE}
    };
    for (String name : Tree.NAMES) {
      for (OpenOption[] options : outputs) {
        sameOnBoth(
            "out " + name + " " + List.of(options),
            root -> {
              try (OutputStream out = Files.newOutputStream(root.resolve(name), options)) {
                out.write("streamed".getBytes(StandardCharsets.UTF_8));
              }
              return "done";
            });
      }
      for (OpenOption[] options : inputs) {
        sameOnBoth(
            "in " + name + " " + List.of(options),
            root -> {
              try (InputStream in = Files.newInputStream(root.resolve(name), options)) {
                return in.readAllBytes();
              }
            });
      }
    }
  }

  @Test
  void asynchronousChannelsHaveTheOutcomesOfTheJdk() throws Exception {
    for (String name : Tree.NAMES) {
      for (Set<OpenOption> options : optionSets()) {
        sameOnBoth(
            "async " + name + " " + options,
            root -> {
              List<Object> seen = new ArrayList<>();
              try (AsynchronousFileChannel channel =
                  AsynchronousFileChannel.open(root.resolve(name), options, null)) {
                seen.add(channel.size());
                seen.add(asynchronously(() -> channel.read(ByteBuffer.allocate(8), 0).get()));
                seen.add(
                    asynchronously(
                        () -> channel.write(ByteBuffer.wrap(new byte[] {'x', 'y'}), 1).get()));
              }
              return seen;
            });
      }
    }
  }

  private static Object asynchronously(Step step) throws Exception {
    try {
      return step.run();
    } catch (ExecutionException e) {
      return e.getCause().getClass().getSimpleName();
    } catch (NonReadableChannelException | NonWritableChannelException e) {
      return e.getClass().getSimpleName();
    }
  }

  @Test
  void filesMethodsHaveTheOutcomesOfTheJdk() throws Exception {
    for (String name : Tree.NAMES) {
      sameOnBoth("write " + name, root -> Files.writeString(root.resolve(name), "new"));
      sameOnBoth("read " + name, root -> Files.readString(root.resolve(name)));
      sameOnBoth("lines " + name, root -> Files.readAllLines(root.resolve(name)));
      sameOnBoth("createFile " + name, root -> Files.createFile(root.resolve(name)));
      sameOnBoth("append " + name, root -> Files.writeString(root.resolve(name), "more", APPEND));
      sameOnBoth(
          "copy in " + name,
          root -> Files.copy(new ByteArrayInputStream(new byte[] {'a'}), root.resolve(name)));
    }
  }
}

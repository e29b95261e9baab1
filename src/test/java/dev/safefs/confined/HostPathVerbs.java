package dev.safefs.confined;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.safefs.AnonymousFile;
import dev.safefs.FileBatch;
import dev.safefs.PendingFile;
import dev.safefs.PinnedFile;
import dev.safefs.SafeFiles;
import dev.safefs.confined.HostPathTest.Call;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Each public verb beyond NIO, and each method of what they return, to be called on a path. */
final class HostPathVerbs {
  private HostPathVerbs() {}

  private interface Run {
    void run() throws Exception;
  }

  private static String done(Run run) throws Exception {
    run.run();
    return "done";
  }

  /** The static methods of {@link SafeFiles}. */
  static Map<String, Call> verbs() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("pending", (p, o) -> SafeFiles.pending(p));
    calls.put("write", (p, o) -> done(() -> SafeFiles.write(p, out -> out.write(1))));
    calls.put(
        "replaceIfSame",
        (p, o) -> {
          try (PinnedFile file = SafeFiles.pin(p)) {
            return SafeFiles.replaceIfSame(p, file.fileKey(), out -> out.write(1));
          }
        });
    calls.put("copy", (p, o) -> done(() -> SafeFiles.copy(p, o)));
    calls.put("copy in", (p, o) -> SafeFiles.copy(new ByteArrayInputStream(new byte[1]), p));
    calls.put("move", (p, o) -> done(() -> SafeFiles.move(p, o, REPLACE_EXISTING)));
    calls.put("exchange", (p, o) -> done(() -> SafeFiles.exchange(p, o)));
    calls.put("replaceSymbolicLink", (p, o) -> done(() -> SafeFiles.replaceSymbolicLink(p, o)));
    calls.put("replaceSymbolicLink expected", (p, o) -> SafeFiles.replaceSymbolicLink(p, o, o));
    calls.put("deleteIfSame", (p, o) -> SafeFiles.deleteIfSame(p, "no key"));
    calls.put("pin", (p, o) -> SafeFiles.pin(p));
    calls.put("anonymousFile", (p, o) -> SafeFiles.anonymousFile(p));
    calls.put("batch", (p, o) -> SafeFiles.batch(p));
    calls.put("sweep", (p, o) -> SafeFiles.sweep(p));
    calls.put("deleteTree", (p, o) -> done(() -> SafeFiles.deleteTree(p)));
    calls.put("copyTree", (p, o) -> done(() -> SafeFiles.copyTree(p, o)));
    calls.put("moveTree", (p, o) -> done(() -> SafeFiles.moveTree(p, o)));
    calls.put(
        "walk",
        (p, o) -> {
          try (var entries = SafeFiles.walk(p)) {
            return entries.toList();
          }
        });
    calls.put("createDirectories", (p, o) -> done(() -> SafeFiles.createDirectories(p)));
    calls.put("replaceDirectory", (p, o) -> SafeFiles.replaceDirectory(p, o));
    return calls;
  }

  private interface OnPinned {
    Object on(PinnedFile file) throws Exception;
  }

  private static Object pinned(Path path, OnPinned call) throws Exception {
    try (PinnedFile file = SafeFiles.pin(path, NOFOLLOW_LINKS)) {
      return List.of(file.toString(), String.valueOf(call.on(file)));
    }
  }

  /** The methods of {@link PinnedFile}. */
  static Map<String, Call> pinned() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("attributes", (p, o) -> pinned(p, PinnedFile::attributes));
    calls.put(
        "view",
        (p, o) ->
            pinned(p, file -> file.view(PosixFileAttributeView.class).get().readAttributes()));
    calls.put("fileKey", (p, o) -> pinned(p, PinnedFile::fileKey));
    calls.put(
        "channel",
        (p, o) ->
            pinned(
                p,
                file -> {
                  try (var channel = file.channel(StandardOpenOption.READ)) {
                    return channel + " " + channel.read(ByteBuffer.allocate(1));
                  }
                }));
    calls.put("linkTo", (p, o) -> pinned(p, file -> done(() -> file.linkTo(o))));
    calls.put("currentPath", (p, o) -> pinned(p, PinnedFile::currentPath));
    calls.put("isAt", (p, o) -> pinned(p, file -> file.isAt(o)));
    calls.put("moveTo", (p, o) -> pinned(p, file -> done(() -> file.moveTo(o))));
    calls.put("delete", (p, o) -> pinned(p, file -> done(file::delete)));
    calls.put(
        "close",
        (p, o) ->
            pinned(
                p,
                file -> {
                  file.close();
                  return file.attributes();
                }));
    return calls;
  }

  /** The methods of {@link PendingFile}, {@link FileBatch} and {@link AnonymousFile}. */
  static Map<String, Call> unpublished() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put(
        "channel",
        (p, o) -> {
          try (PendingFile file = SafeFiles.pending(p)) {
            return file + " " + file.channel();
          }
        });
    calls.put(
        "commit",
        (p, o) -> {
          PendingFile file = SafeFiles.pending(p);
          try (file) {
            file.commit();
          }
          file.commit();
          return file;
        });
    calls.put(
        "published",
        (p, o) -> {
          FileBatch batch = SafeFiles.batch(p.getFileSystem().getPath("in"), p);
          try (batch) {
            batch.add(p.resolve("batched")).write(ByteBuffer.allocate(1));
            batch.commit();
            return List.of(batch.toString(), batch.published());
          }
        });
    calls.put(
        "add",
        (p, o) -> {
          FileBatch batch = SafeFiles.batch(p.getFileSystem().getPath("in"));
          batch.close();
          return batch.add(p);
        });
    calls.put(
        "publish",
        (p, o) -> {
          try (AnonymousFile file = SafeFiles.anonymousFile(p.getFileSystem().getPath("in"))) {
            file.publish(p);
            return file + " " + file.channel();
          }
        });
    calls.put(
        "close",
        (p, o) -> {
          AnonymousFile file = SafeFiles.anonymousFile(p.getFileSystem().getPath("in"));
          file.close();
          file.publish(p);
          return file;
        });
    return calls;
  }
}

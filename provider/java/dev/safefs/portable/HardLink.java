package dev.safefs.portable;

import dev.safefs.handle.Capability;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Gives a file in use another name. <i>Races:</i> detected: the delegate takes paths, so the new
 * name is looked at afterwards.
 */
final class HardLink {
  private final Host host;
  private final HeldDir dir;
  private final Name name;

  HardLink(Host host, HeldDir dir, Name name) {
    this.host = host;
    this.dir = dir;
    this.name = name;
  }

  CreateResult to(DelegateFile file) throws IOException {
    FileType type = file.type();
    boolean tried = type != FileType.SYMLINK || host.traits().contains(Trait.LINKS_TO_SYMLINKS);
    if (type == FileType.DIRECTORY
        || !tried
        || !host.capabilities().mayHave(Capability.HARD_LINK)) {
      return dir.look(name).isPresent() ? CreateResult.EXISTS : CreateResult.UNSUPPORTED;
    }
    Optional<Path> existing = file.currentPath();
    if (existing.isEmpty()) {
      return CreateResult.SOURCE_GONE;
    }
    try {
      dir.byPath(
          path -> {
            host.provider().createLink(path.resolve(host.names().path(name)), existing.get());
            return name;
          });
    } catch (FileAlreadyExistsException e) {
      return CreateResult.EXISTS;
    } catch (UnsupportedOperationException e) {
      host.capabilities().lacks(Capability.HARD_LINK);
      return CreateResult.UNSUPPORTED;
    } catch (FileSystemException e) {
      return failed(existing.get(), e);
    }
    return verify(file, type);
  }

  private CreateResult verify(DelegateFile file, FileType type) throws IOException {
    Optional<Stat> made = Failures.withSecondTry(() -> dir.look(name));
    if (made.isPresent() && WeakKey.inUse(made.get()).equals(file.node().key())) {
      host.nodes().linked(file.node(), new Node.Spot(dir.node(), name));
      return CreateResult.CREATED;
    }
    if (type == FileType.SYMLINK && made.isPresent() && made.get().type() != FileType.SYMLINK) {
      // This platform's link(2) follows: the name just made is one of the link's target.
      dir.unlink(name);
      return CreateResult.UNSUPPORTED;
    }
    throw Failures.race("the name was given to another file than the one in use");
  }

  private CreateResult failed(Path existing, FileSystemException e) throws IOException {
    boolean crosses =
        dir.byPath(
            path ->
                !host.provider()
                    .getFileStore(existing.getParent())
                    .equals(host.provider().getFileStore(path)));
    if (crosses) {
      return CreateResult.CROSS_DEVICE;
    }
    throw e;
  }
}

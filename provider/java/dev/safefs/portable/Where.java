package dev.safefs.portable;

import dev.safefs.handle.Name;
import java.io.IOException;
import java.nio.file.attribute.FileAttributeView;
import java.util.Optional;

/**
 * Where a file is now.
 *
 * @param dir a directory
 * @param name the file's name in it, or empty if it is the directory itself
 */
record Where(HeldDir dir, Names names, Optional<Name> name) {

  <V extends FileAttributeView> Optional<V> view(Class<V> type) {
    return name.isPresent() ? dir.view(name.get(), type) : dir.view(type);
  }

  <T> T byPath(HeldDir.PathCall<T> call) throws IOException {
    return dir.byPath(
        path -> call.on(name.isPresent() ? path.resolve(names.path(name.get())) : path));
  }
}

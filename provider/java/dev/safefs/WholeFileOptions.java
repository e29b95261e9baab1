package dev.safefs;

import dev.safefs.request.OpenRequest;
import java.nio.file.CopyOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** Options of verbs that publish whole files. */
final class WholeFileOptions {
  private static final Set<OpenOption> CREATE_OR_REPLACE =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);

  private WholeFileOptions() {}

  /**
   * Parses open options, of which none means to create or replace.
   *
   * @throws UnsupportedOperationException for an unknown one, and for {@code DELETE_ON_CLOSE}
   */
  static OpenRequest parse(SafePath file, OpenOption... options) {
    Set<OpenOption> all =
        new HashSet<>(options.length == 0 ? CREATE_OR_REPLACE : Arrays.asList(options));
    if (all.contains(StandardOpenOption.DELETE_ON_CLOSE)) {
      throw new UnsupportedOperationException("DELETE_ON_CLOSE not supported for a whole file");
    }
    all.add(StandardOpenOption.WRITE);
    all.add(SafeOpenOption.PUBLISH_ON_CLOSE);
    return OpenRequest.parse(all, file.config());
  }

  /** Returns the open options that the copy options of a stream come to. */
  static OpenOption[] of(CopyOption... options) {
    Set<OpenOption> open = new HashSet<>(Set.of(StandardOpenOption.CREATE_NEW));
    for (CopyOption option : options) {
      if (Objects.requireNonNull(option) == StandardCopyOption.REPLACE_EXISTING) {
        open.remove(StandardOpenOption.CREATE_NEW);
        open.addAll(CREATE_OR_REPLACE);
      } else if (option == SafeCopyOption.DURABLE) {
        open.add(SafeOpenOption.DURABLE);
      } else {
        throw new UnsupportedOperationException(option + " not supported");
      }
    }
    return open.toArray(OpenOption[]::new);
  }
}

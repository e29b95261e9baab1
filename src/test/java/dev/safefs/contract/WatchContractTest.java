package dev.safefs.contract;

import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@OverRows
class WatchContractTest extends Twins {

  WatchContractTest(Row row) {
    super(row);
  }

  @Test
  void eventsAreThoseOfTheJdk() throws Exception {
    sameOnBoth(
        "watch",
        root -> {
          try (WatchService service = root.getFileSystem().newWatchService()) {
            WatchKey key =
                root.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE);
            Files.createDirectory(root.resolve("made"));
            Files.delete(root.resolve("hard"));
            List<Object> seen = new ArrayList<>();
            while (seen.size() < 2) {
              WatchKey ready = service.poll(10, TimeUnit.SECONDS);
              if (ready == null) {
                return "nothing came: " + seen;
              }
              seen.add(ready == key);
              seen.remove(seen.size() - 1);
              ready
                  .pollEvents()
                  .forEach(
                      event ->
                          seen.add(event.kind() + " " + event.context() + " " + event.count()));
              ready.reset();
            }
            seen.add(key.watchable().equals(root));
            key.cancel();
            seen.add(key.isValid());
            return seen;
          }
        });
  }

  /** Whoever waits for modifications alone waits for a config to be saved. */
  @Test
  @Tag("W1")
  void aFileThatIsRewrittenWasModifiedAndNoOtherNameIsSeen() throws Exception {
    sameOnBoth(
        "rewrite",
        root -> {
          Path config = Files.writeString(root.resolve("config"), "old");
          try (WatchService service = root.getFileSystem().newWatchService()) {
            root.register(service, StandardWatchEventKinds.ENTRY_MODIFY);
            Files.writeString(config, "new");
            Set<String> seen = new TreeSet<>();
            for (WatchKey key = service.poll(10, TimeUnit.SECONDS); key != null; ) {
              for (WatchEvent<?> event : key.pollEvents()) {
                seen.add(event.kind() + " " + event.context());
              }
              key.reset();
              key = service.poll(seen.contains("ENTRY_MODIFY config") ? 0 : 10, TimeUnit.SECONDS);
            }
            return seen;
          }
        });
  }

  @Test
  void failuresAreThoseOfTheJdk() throws Exception {
    for (String name : Tree.NAMES) {
      sameOnBoth(
          "register " + name,
          root -> {
            try (WatchService service = root.getFileSystem().newWatchService()) {
              return root.resolve(name)
                  .register(service, StandardWatchEventKinds.ENTRY_CREATE)
                  .isValid();
            }
          });
    }
    sameOnBoth(
        "closed",
        root -> {
          WatchService service = root.getFileSystem().newWatchService();
          service.close();
          return root.register(service, StandardWatchEventKinds.ENTRY_CREATE);
        });
    sameOnBoth(
        "poll closed",
        root -> {
          WatchService service = root.getFileSystem().newWatchService();
          service.close();
          try {
            return service.poll();
          } catch (ClosedWatchServiceException e) {
            return "closed";
          }
        });
    sameOnBoth(
        "no kinds",
        root -> {
          try (WatchService service = root.getFileSystem().newWatchService()) {
            return root.register(service);
          }
        });
  }
}

package dev.safefs.linux;

import dev.safefs.handle.Dir;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of an open directory begin with. */
@ExtendWith(LeakCheck.class)
abstract class InFdDir {
  @TempDir Path temp;
  Dir dir;

  @BeforeEach
  void openDirectory() throws IOException {
    dir = Machine.dir(temp);
  }

  @AfterEach
  void closeDirectory() throws IOException {
    dir.close();
  }

  /** Opens the directory once more, over other system calls. */
  final Dir over(Syscalls sys) throws IOException {
    return Machine.engine(sys).ambient().openDir(Machine.route(temp), LinkMode.FOLLOW);
  }

  final void write(String file, String content) throws IOException {
    Files.writeString(temp.resolve(file), content);
  }

  final String read(String file) throws IOException {
    return Files.readString(temp.resolve(file));
  }
}

package dev.safefs.sys;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The base of tests that call the kernel in a directory, on every backend. */
@Tag("sys")
@ParameterizedClass
@MethodSource("dev.safefs.sys.Backends#names")
abstract class OnEachBackend {
  static final int NO_FD = -1;

  @Parameter String backend;
  @TempDir Path temp;
  Syscalls sys;
  Scratch dir;

  @BeforeEach
  final void open() {
    sys = Backends.open(backend);
    dir = new Scratch(sys, temp);
  }

  @AfterEach
  final void close() {
    dir.close();
  }
}

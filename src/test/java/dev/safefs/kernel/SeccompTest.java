package dev.safefs.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.JdkPaths;
import dev.safefs.Requirement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process behind a real seccomp filter, which denies by number or by number and the bits of an
 * argument.
 */
@Tag("K4")
@Tag("root")
class SeccompTest {
  private static final String FILTER =
      """
      #define _GNU_SOURCE
      #include <errno.h>
      #include <fcntl.h>
      #include <linux/audit.h>
      #include <linux/filter.h>
      #include <linux/seccomp.h>
      #include <stddef.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/prctl.h>
      #include <sys/syscall.h>
      #include <unistd.h>
      static struct sock_filter program[256];
      static int length;
      static void add(unsigned short code, unsigned value, unsigned char yes, unsigned char no) {
        program[length++] = (struct sock_filter) {code, yes, no, value};
      }
      static int number(const char *name) {
        if (!strcmp(name, "openat")) return SYS_openat;
        if (!strcmp(name, "openat2")) return SYS_openat2;
        if (!strcmp(name, "renameat2")) return SYS_renameat2;
        if (!strcmp(name, "linkat")) return SYS_linkat;
        if (!strcmp(name, "copy_file_range")) return SYS_copy_file_range;
        if (!strcmp(name, "faccessat2")) return 439;
        if (!strcmp(name, "fchmodat2")) return 452;
        if (!strcmp(name, "statx")) return SYS_statx;
        exit(3);
      }
      /* Each rule: name errno argument bits; the last is followed by -- and the command. */
      int main(int count, char **words) {
        int i = 1;
        for (; strcmp(words[i], "--"); i += 4) {
          unsigned bits = strcmp(words[i + 3], "O_TMPFILE") ? strtoul(words[i + 3], 0, 0) : O_TMPFILE;
          add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
          add(BPF_JMP | BPF_JEQ | BPF_K, number(words[i]), 0, 4);
          add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * atoi(words[i + 2]), 0, 0);
          add(BPF_ALU | BPF_AND | BPF_K, bits, 0, 0);
          add(BPF_JMP | BPF_JEQ | BPF_K, bits, 0, 1);
          add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | atoi(words[i + 1]), 0, 0);
        }
        add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
        struct sock_fprog filter = {length, program};
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) return 2;
        execvp(words[i + 1], words + i + 1);
        return 127;
      }
      """;

  @TempDir Path temporary;
  private Path work;
  private Path host;

  @BeforeEach
  void plant() throws IOException {
    work = JdkPaths.of(temporary).toRealPath();
    host = Files.createDirectory(work.resolve("host"));
    Files.createDirectory(work.resolve("outside"));
    Files.writeString(work.resolve("outside/secret"), "secret");
    Files.createSymbolicLink(host.resolve("out"), Path.of("../outside"));
  }

  private String run(List<String> command) throws Exception {
    Path output = work.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output, StandardCharsets.UTF_8) + "exit " + process.exitValue();
  }

  private String filter() throws Exception {
    Path source = Files.writeString(work.resolve("filter.c"), FILTER);
    String binary = work.resolve("filter").toString();
    String compiled;
    try {
      compiled = run(List.of("gcc", "-w", "-o", binary, source.toString()));
    } catch (IOException e) {
      compiled = e.toString();
    }
    boolean isThere = compiled.equals("exit 0");
    Requirement.present(isThere, "gcc: " + compiled);
    return binary;
  }

  /** Rules: system call, errno, which argument, its bits. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "openat2 38 0 0",
        "openat2 1 0 0",
        "renameat2 38 0 0",
        "renameat2 1 0 0",
        "renameat2 22 4 1",
        "openat 95 2 O_TMPFILE",
        "copy_file_range 1 0 0",
        "linkat 2 4 0x1000",
        "faccessat2 38 0 0",
        "fchmodat2 1 0 0",
        "statx 38 0 0",
        "statx 1 0 0",
        "statx 1 0 0 openat2 1 0 0",
        "openat2 38 0 0 renameat2 38 0 0 openat 95 2 O_TMPFILE copy_file_range 38 0 0 linkat 2 4 0x1000 faccessat2 38 0 0 fchmodat2 38 0 0"
      })
  void everythingWorksAndNothingEscapesBehindAFilter(String rules) throws Exception {
    assertThat(behind(rules)).endsWith("all is well\nexit 0");
    assertThat(work.resolve("outside/secret")).hasContent("secret");
    assertThat(work.resolve("outside")).isDirectoryNotContaining(path -> !path.endsWith("secret"));
  }

  @Test
  void controlAFilterIsInForce() throws Exception {
    assertThat(behind("openat 1 0 0")).doesNotContain("all is well");
  }

  private String behind(String rules) throws Exception {
    List<String> command = new ArrayList<>(List.of(filter()));
    command.addAll(Arrays.asList(rules.split(" ")));
    command.addAll(List.of("--", System.getProperty("java.home") + "/bin/java"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(List.of(Errand.class.getName(), host.toString()));
    return run(command);
  }
}

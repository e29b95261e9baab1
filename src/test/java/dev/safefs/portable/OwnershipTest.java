package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.LinkPolicy;
import dev.safefs.op.Copier;
import dev.safefs.request.CopyRequest;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Owners that a delegate does not let a copy have, as a user's other than root. */
@Tag("C3")
class OwnershipTest {
  private final AtomicInteger refused = new AtomicInteger();
  private Path root;
  private UserPrincipal other;

  @BeforeEach
  void make() throws IOException {
    root = Ground.JIMFS_POSIX.open();
    other = root.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("other");
    Files.setOwner(Files.writeString(root.resolve("a"), "A"), other);
  }

  @AfterEach
  void discard() throws IOException {
    Ground.JIMFS_POSIX.discard(root);
  }

  /** Copies where some of the first changes of an owner fail, by a word of the locale. */
  private void copy(int failing) throws IOException {
    refused.set(failing);
    FilteringProvider provider =
        new FilteringProvider(
            root.getFileSystem().provider(),
            call -> {
              if (call.equals("view.setOwner") && refused.getAndDecrement() > 0) {
                throw new FileSystemException("x", null, "Vorgang nicht zulaessig");
              }
            });
    try (Bench bench = Bench.over(root, provider, LinkPolicy.BENEATH)) {
      Copier.copy(bench.place("a"), bench.place("b"), CopyRequest.parse(COPY_ATTRIBUTES));
    }
  }

  @Test
  void anOwnerThatMayBeGivenIsCopied() throws IOException {
    copy(0);
    assertThat(Files.getOwner(root.resolve("b"))).isEqualTo(other);
  }

  @Test
  void anOwnerThatMayNotBeGivenIsLeft() throws IOException {
    copy(1);
    assertThat(Files.readString(root.resolve("b"))).isEqualTo("A");
    assertThat(Files.getOwner(root.resolve("b"))).isNotEqualTo(other);
  }

  @Test
  void whereNoOwnerCanBeWrittenTheCopyEnds() throws IOException {
    assertThatThrownBy(() -> copy(Integer.MAX_VALUE))
        .isExactlyInstanceOf(FileSystemException.class)
        .hasMessageEndingWith("Vorgang nicht zulaessig");
    assertThat(Files.exists(root.resolve("b"))).isFalse();
  }
}

/**
 * A file system provider that overlays another one: confined, atomic, and explicit about what it
 * promises.
 *
 * <p>JNR is needed only where the Foreign Function and Memory API is missing (Java 17 to 21), hence
 * static. The self-contained jar has JNR inside this module. For its sake the module is open (JNR
 * generates classes in an unnamed module, which extend its own and implement ours) and requires
 * what JNR uses of the JDK.
 */
open module dev.safefs {
  requires java.logging;
  requires jdk.unsupported;
  requires static jdk.jfr;
  requires static org.jnrproject.ffi;
  requires static org.jnrproject.jffi;
  requires static org.jnrproject.posix;
  requires static transitive org.jspecify;

  exports dev.safefs;

  provides java.nio.file.spi.FileSystemProvider with
      dev.safefs.SafeFileSystemProvider;
}

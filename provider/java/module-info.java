/**
 * A file system provider that overlays another one: confined, atomic, and explicit about what it
 * promises.
 *
 * <p>JNR (of which only jffi, its foundation, is used) is needed only where the Foreign Function
 * and Memory API is missing, on Java 17 to 21, hence static. The self-contained jar has it inside
 * this module, hence the modules of the JDK that it uses. JSpecify's annotations are for compilers
 * that have them, hence not transitive either: who requires this module would need them.
 */
module dev.safefs {
  requires java.logging;
  requires jdk.unsupported;
  requires static jdk.jfr;
  requires static org.jnrproject.jffi;
  requires static org.jspecify;

  exports dev.safefs;

  provides java.nio.file.spi.FileSystemProvider with
      dev.safefs.SafeFileSystemProvider;
}

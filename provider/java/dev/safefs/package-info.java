/**
 * A file system provider that makes the operations of {@code java.nio.file} atomic, race-free,
 * handle-based, crash-safe and, where asked, confined to a directory.
 *
 * <p>The setting enums, option types and exceptions of this package are plain values without
 * behaviour; every other package of the module may use them.
 */
@NullMarked
package dev.safefs;

import org.jspecify.annotations.NullMarked;

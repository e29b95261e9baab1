/**
 * The engine over any other file system provider: what its primitives allow, and how much that is.
 */
@NullMarked
package dev.safefs.portable;

import org.jspecify.annotations.NullMarked;

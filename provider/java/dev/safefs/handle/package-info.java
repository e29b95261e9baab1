/**
 * The seam between algorithms and platforms: open directories, open files, names, and the values
 * they answer with.
 */
@NullMarked
package dev.safefs.handle;

import org.jspecify.annotations.NullMarked;

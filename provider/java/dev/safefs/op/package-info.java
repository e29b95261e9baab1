/** The algorithms, each written once over {@code handle}. */
@NullMarked
package dev.safefs.op;

import org.jspecify.annotations.NullMarked;

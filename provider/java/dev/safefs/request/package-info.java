/** Parsed options: what a caller asked for, as values. */
@NullMarked
package dev.safefs.request;

import org.jspecify.annotations.NullMarked;

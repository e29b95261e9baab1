/** The engine for Linux: descriptors and {@code *at} calls. */
@NullMarked
package dev.safefs.linux;

import org.jspecify.annotations.NullMarked;

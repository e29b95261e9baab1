/** Linux system calls, behind one interface with a backend for each native-access API. */
@NullMarked
package dev.safefs.sys;

import org.jspecify.annotations.NullMarked;

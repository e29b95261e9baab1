package dev.safefs.handle;

/**
 * What makes a file that file. Inode numbers are reused, so compare identities only while one of
 * the two files is held open, or with a birth time.
 *
 * @param fileKey device and inode, or what the platform has for them; compared by {@code equals}
 * @param birthNanoseconds time of birth since the epoch in nanoseconds, or 0 where it is not known
 */
public record Identity(Object fileKey, long birthNanoseconds) {}

package dev.safefs.handle;

/**
 * One entry of a directory listing.
 *
 * @param name its name
 * @param type its type, or {@code UNKNOWN}; a hint that may be outdated
 */
public record Entry(Name name, FileType type) {}

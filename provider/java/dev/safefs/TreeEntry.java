package dev.safefs;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * One entry that {@link SafeFiles#walk} found.
 *
 * @param path the root's path with the entry's appended; by the time it is used it may lead
 *     elsewhere
 * @param attributes as they were when the entry was visited, read in its open directory; a link's
 *     own
 */
public record TreeEntry(Path path, BasicFileAttributes attributes) {}

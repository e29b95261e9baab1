package dev.safefs.handle;

/**
 * How much room a store has.
 *
 * @param totalBytes what it holds
 * @param usableBytes what this process could write
 * @param unallocatedBytes what is free, also for others
 * @param blockSizeBytes the size of its blocks
 */
public record Space(
    long totalBytes, long usableBytes, long unallocatedBytes, long blockSizeBytes) {}

package dev.weir.queryserver.store;

/**
 * What the store has counted since it was opened, and how much it holds.
 *
 * @param series series in memory
 * @param chunkBytes compressed samples in memory
 * @param logBytes the log on disk
 * @param blocks files of older samples
 * @param blockBytes their size on disk
 * @param samplesStored samples acknowledged and new
 * @param samplesRepeated samples that were stored already
 * @param pendingWrites requests waiting for the log
 * @param logFailures writes to the log that failed
 * @param flushes blocks made of samples in memory
 * @param merges blocks made of others
 * @param blockFailures blocks that could not be written
 * @param blocksExpired blocks deleted at the end of their retention
 * @param damages damaged places found in blocks and in the log
 */
public record StoreStats(
        long series,
        long chunkBytes,
        long logBytes,
        int blocks,
        long blockBytes,
        long samplesStored,
        long samplesRepeated,
        int pendingWrites,
        long logFailures,
        long flushes,
        long merges,
        long blockFailures,
        long blocksExpired,
        long damages) {}

package dev.weir.queryserver.store;

/**
 * What the store has counted since it was opened, and how much it holds.
 *
 * @param series series in memory
 * @param chunkBytes compressed samples in memory
 * @param logBytes the log on disk
 * @param samplesStored samples acknowledged and new
 * @param samplesRepeated samples that were stored already
 * @param chunkBytesDroppedEarly samples forgotten before their retention, because memory ran short
 * @param pendingWrites requests waiting for the log
 * @param logFailures writes to the log that failed
 */
public record StoreStats(
        long series,
        long chunkBytes,
        long logBytes,
        long samplesStored,
        long samplesRepeated,
        long chunkBytesDroppedEarly,
        int pendingWrites,
        long logFailures) {}

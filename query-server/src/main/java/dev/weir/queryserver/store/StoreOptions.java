package dev.weir.queryserver.store;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how much the store keeps.
 *
 * @param directory holds the log and the lock; created if missing
 * @param retention samples older than this are refused and forgotten
 * @param maxChunkBytes compressed samples kept in memory; beyond it, the oldest are forgotten early
 * @param maxSeries series over all projects
 * @param maxPendingWrites requests waiting for the log
 * @param segmentBytes size at which a log segment is finished and the next begun
 */
public record StoreOptions(
        Path directory,
        Duration retention,
        long maxChunkBytes,
        int maxSeries,
        int maxPendingWrites,
        long segmentBytes) {
    /** How far ahead of the clock a sample may be. */
    static final Duration MAX_AHEAD = Duration.ofMinutes(10);

    private static final int DEFAULT_MAX_SERIES = 2_000_000;
    private static final int DEFAULT_MAX_PENDING_WRITES = 256;
    private static final long DEFAULT_SEGMENT_BYTES = 32L << 20;

    public StoreOptions {
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("retention: " + retention + " (expected: > 0)");
        }
        if (maxChunkBytes <= 0 || maxSeries <= 0 || maxPendingWrites <= 0 || segmentBytes <= 0) {
            throw new IllegalArgumentException("limits of the store: maxChunkBytes " + maxChunkBytes + ", maxSeries "
                    + maxSeries + ", maxPendingWrites " + maxPendingWrites + ", segmentBytes " + segmentBytes
                    + " (expected: each > 0)");
        }
    }

    /** Compressed samples may take a third of the heap. */
    public static StoreOptions of(Path directory, Duration retention) {
        return new StoreOptions(
                directory,
                retention,
                Runtime.getRuntime().maxMemory() / 3,
                DEFAULT_MAX_SERIES,
                DEFAULT_MAX_PENDING_WRITES,
                DEFAULT_SEGMENT_BYTES);
    }

    public StoreOptions withMaxChunkBytes(long newMaxChunkBytes) {
        return new StoreOptions(directory, retention, newMaxChunkBytes, maxSeries, maxPendingWrites, segmentBytes);
    }

    public StoreOptions withSegmentBytes(long newSegmentBytes) {
        return new StoreOptions(directory, retention, maxChunkBytes, maxSeries, maxPendingWrites, newSegmentBytes);
    }
}

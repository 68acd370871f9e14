package dev.weir.queryserver.store;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how much the store keeps.
 *
 * @param directory holds the log and the lock; created if missing
 * @param retention samples older than this are refused and forgotten
 * @param maxDiskBytes log and blocks together; beyond it, the oldest blocks go before their time; 0 for no bound
 * @param maxHeadAge after this at the latest, samples in memory move to a block
 * @param maxLogBytes size of the log at which they do, as a rule
 * @param maxChunkBytes compressed samples in memory: at half of it they move to a block, beyond it writers have to wait
 * @param maxSeries series over all projects
 * @param maxPendingWrites requests waiting for the log
 * @param segmentBytes size at which a log segment is finished and the next begun
 */
public record StoreOptions(
        Path directory,
        Duration retention,
        long maxDiskBytes,
        Duration maxHeadAge,
        long maxLogBytes,
        long maxChunkBytes,
        int maxSeries,
        int maxPendingWrites,
        long segmentBytes) {
    /** How far ahead of the clock a sample may be. */
    static final Duration MAX_AHEAD = Duration.ofMinutes(10);

    private static final Duration DEFAULT_MAX_HEAD_AGE = Duration.ofMinutes(30);
    private static final long DEFAULT_MAX_LOG_BYTES = 24L << 20;
    private static final int DEFAULT_MAX_SERIES = 2_000_000;
    private static final int DEFAULT_MAX_PENDING_WRITES = 256;
    private static final long DEFAULT_SEGMENT_BYTES = 16L << 20;

    public StoreOptions {
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("retention: " + retention + " (expected: > 0)");
        }
        if (maxDiskBytes < 0
                || maxHeadAge.isNegative()
                || maxLogBytes <= 0
                || maxChunkBytes <= 0
                || maxSeries <= 0
                || maxPendingWrites <= 0
                || segmentBytes <= 0) {
            throw new IllegalArgumentException("limits of the store: maxDiskBytes " + maxDiskBytes + ", maxHeadAge "
                    + maxHeadAge + ", maxLogBytes " + maxLogBytes + ", maxChunkBytes " + maxChunkBytes + ", maxSeries "
                    + maxSeries + ", maxPendingWrites " + maxPendingWrites + ", segmentBytes " + segmentBytes
                    + " (expected: each > 0)");
        }
    }

    /** Compressed samples may take a third of the heap. */
    public static StoreOptions of(Path directory, Duration retention) {
        return new StoreOptions(
                directory,
                retention,
                0,
                DEFAULT_MAX_HEAD_AGE,
                DEFAULT_MAX_LOG_BYTES,
                Runtime.getRuntime().maxMemory() / 3,
                DEFAULT_MAX_SERIES,
                DEFAULT_MAX_PENDING_WRITES,
                DEFAULT_SEGMENT_BYTES);
    }

    public StoreOptions withRetention(Duration newRetention) {
        return new StoreOptions(
                directory,
                newRetention,
                maxDiskBytes,
                maxHeadAge,
                maxLogBytes,
                maxChunkBytes,
                maxSeries,
                maxPendingWrites,
                segmentBytes);
    }

    public StoreOptions withMaxDiskBytes(long newMaxDiskBytes) {
        return new StoreOptions(
                directory,
                retention,
                newMaxDiskBytes,
                maxHeadAge,
                maxLogBytes,
                maxChunkBytes,
                maxSeries,
                maxPendingWrites,
                segmentBytes);
    }

    public StoreOptions withMaxHeadAge(Duration newMaxHeadAge) {
        return new StoreOptions(
                directory,
                retention,
                maxDiskBytes,
                newMaxHeadAge,
                maxLogBytes,
                maxChunkBytes,
                maxSeries,
                maxPendingWrites,
                segmentBytes);
    }

    public StoreOptions withMaxLogBytes(long newMaxLogBytes) {
        return new StoreOptions(
                directory,
                retention,
                maxDiskBytes,
                maxHeadAge,
                newMaxLogBytes,
                maxChunkBytes,
                maxSeries,
                maxPendingWrites,
                segmentBytes);
    }

    public StoreOptions withMaxChunkBytes(long newMaxChunkBytes) {
        return new StoreOptions(
                directory,
                retention,
                maxDiskBytes,
                maxHeadAge,
                maxLogBytes,
                newMaxChunkBytes,
                maxSeries,
                maxPendingWrites,
                segmentBytes);
    }

    public StoreOptions withSegmentBytes(long newSegmentBytes) {
        return new StoreOptions(
                directory,
                retention,
                maxDiskBytes,
                maxHeadAge,
                maxLogBytes,
                maxChunkBytes,
                maxSeries,
                maxPendingWrites,
                newSegmentBytes);
    }
}

package dev.weir.queryserver.store;

import dev.weir.queryserver.log.SegmentedLog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps memory and disk within bounds: forgets what is older than the retention, the oldest early where memory runs short,
 * and deletes the log segments that hold nothing else. Used by the committing thread alone.
 */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** When memory runs short, this share of the limit is kept, so that it does not run short again at once. */
    private static final double KEPT_SHARE = 0.9;

    private record ChunkAge(long maxTimestampMs, long sizeBytes) {}

    private final SeriesTable table;
    private final SegmentedLog log;
    private final StoreOptions options;
    private final LongAdder bytesDroppedEarly = new LongAdder();
    private final Map<Long, Long> newestBySegment = new HashMap<>();

    /** Everything before this is forgotten. */
    private long forgottenBeforeMs = Long.MIN_VALUE;

    private long fruitlessBelowBytes;
    private Instant last = Instant.MIN;
    private Instant lastWarning = Instant.MIN;

    Housekeeping(SeriesTable table, SegmentedLog log, StoreOptions options) {
        this.table = table;
        this.log = log;
        this.options = options;
    }

    Map<Long, Long> newestBySegment() {
        return newestBySegment;
    }

    long bytesDroppedEarly() {
        return bytesDroppedEarly.sum();
    }

    /** Notes that {@code segment} holds a sample of this time. */
    void wrote(long segment, long newestTimestampMs) {
        newestBySegment.merge(segment, newestTimestampMs, Math::max);
    }

    void run(Instant now) {
        boolean isShort = keepMemoryInBounds(now);
        boolean isDue = isDue(last, now);
        if (!isShort && !isDue) {
            return;
        }
        last = now;
        long cutoffMs = now.minus(options.retention()).toEpochMilli();
        table.dropBefore(cutoffMs);
        forgottenBeforeMs = Math.max(forgottenBeforeMs, cutoffMs);
        deleteSegments();
    }

    /** Forgets the oldest chunks if there are too many. Returns whether there were. */
    boolean keepMemoryInBounds(Instant now) {
        if (table.chunkBytes() <= Math.max(options.maxChunkBytes(), fruitlessBelowBytes)) {
            return false;
        }
        long toFree = table.chunkBytes() - (long) (options.maxChunkBytes() * KEPT_SHARE);
        List<ChunkAge> chunks = new ArrayList<>();
        table.forEachSeries(series -> {
            for (Chunk chunk : series.sealedChunks()) {
                chunks.add(new ChunkAge(chunk.maxTimestampMs(), chunk.sizeBytes()));
            }
        });
        chunks.sort(Comparator.comparingLong(ChunkAge::maxTimestampMs));
        long found = 0;
        long cutoffMs = Long.MIN_VALUE;
        for (ChunkAge chunk : chunks) {
            if (found >= toFree) {
                break;
            }
            found += chunk.sizeBytes;
            cutoffMs = chunk.maxTimestampMs + 1;
        }
        if (cutoffMs == Long.MIN_VALUE) {
            // All is in chunks that still grow: a further look is worth its time only once there is more.
            fruitlessBelowBytes = (long) (table.chunkBytes() / KEPT_SHARE);
            return false;
        }
        fruitlessBelowBytes = 0;
        long freed = table.dropBefore(cutoffMs);
        bytesDroppedEarly.add(freed);
        forgottenBeforeMs = Math.max(forgottenBeforeMs, cutoffMs);
        if (isDue(lastWarning, now)) {
            lastWarning = now;
            LOG.warn(
                    "Samples before {} are forgotten, since those kept took more than maxChunkBytes = {}",
                    Instant.ofEpochMilli(cutoffMs),
                    options.maxChunkBytes());
        }
        return true;
    }

    private static boolean isDue(Instant last, Instant now) {
        return last.equals(Instant.MIN) || Duration.between(last, now).abs().compareTo(INTERVAL) >= 0;
    }

    private void deleteSegments() {
        for (long segment : log.segments()) {
            long newestMs = newestBySegment.getOrDefault(segment, Long.MIN_VALUE);
            if (segment == log.currentSegment() || newestMs >= forgottenBeforeMs) {
                continue;
            }
            try {
                log.delete(segment);
                newestBySegment.remove(segment);
            } catch (IOException e) {
                LOG.warn("Log segment {} cannot be deleted: {}", segment, e.toString());
            }
        }
    }
}

package dev.weir.queryserver.store;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.queryserver.frontier.FrontierTracker;
import dev.weir.queryserver.store.chunk.Chunk;
import dev.weir.queryserver.store.chunk.ChunkAppender;
import dev.weir.queryserver.store.chunk.FloatAppender;
import dev.weir.queryserver.store.chunk.HistogramAppender;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One series in memory, less what has moved to blocks: sealed chunks, one that grows, and what is staged but not yet durable. The committing thread
 * changes it, and does so under the store's write lock, except for what is staged; others read under the read lock.
 *
 * <p>A commit is known by its sequence number. The series remembers how many samples it had after each recent commit, for
 * as long as a view from before that commit is open, so that a view shows all of a commit or nothing of it.
 */
final class MemorySeries {
    private static final Chunk[] NO_CHUNKS = {};

    /** How many log records say what {@link #id} is, so that damage to one costs no other's samples. */
    private static final int DEFINITIONS = 2;

    /** How a stored sample compares with one written again for its time. */
    enum Presence {
        ABSENT,
        SAME,
        OTHER;

        private static Presence of(
                double stored,
                @Nullable FloatHistogram storedHistogram,
                double value,
                @Nullable FloatHistogram histogram) {
            boolean isSame = storedHistogram == null
                    ? histogram == null && Double.doubleToRawLongBits(stored) == Double.doubleToRawLongBits(value)
                    : storedHistogram.equals(histogram);
            return isSame ? SAME : OTHER;
        }
    }

    private final long id;
    private final String project;
    private final Labels labels;
    private final boolean isFrontier;
    private int ordinal;
    private boolean isListed;

    private Chunk[] sealed = NO_CHUNKS;
    private @Nullable ChunkAppender head;
    private long lastTimestampMs = Long.MIN_VALUE;
    private long appended;

    /** Commit, samples after it, commit, samples after it ...: ascending. */
    private long[] history = {0, 0};

    private @Nullable SampleList staged;

    /** Samples up to this time are in blocks. */
    private long flushedMs = Long.MIN_VALUE;

    /** The stretch of the log that the newest sample and the definitions are in. */
    private int epoch = -1;

    private int definedInEpoch = -1;
    private int definitions;

    MemorySeries(long id, String project, Labels labels) {
        this.id = id;
        this.project = project;
        this.labels = labels;
        this.isFrontier = FrontierTracker.isFrontier(labels);
    }

    long id() {
        return id;
    }

    String project() {
        return project;
    }

    Labels labels() {
        return labels;
    }

    /** Position in its project's list of series, by which postings name it. */
    int ordinal() {
        return ordinal;
    }

    void moveTo(int newOrdinal) {
        ordinal = newOrdinal;
    }

    /** Whether its project's index has it. */
    boolean isListed() {
        return isListed;
    }

    void list(boolean isListedNow) {
        isListed = isListedNow;
    }

    boolean isFrontier() {
        return isFrontier;
    }

    /** Whether the next record of the epoch is to say what {@link #id} is; then it does. For the committing thread alone. */
    boolean takeDefinition(int inEpoch) {
        if (definedInEpoch != inEpoch) {
            definedInEpoch = inEpoch;
            definitions = 0;
        }
        return definitions < DEFINITIONS && ++definitions <= DEFINITIONS;
    }

    /** Whether a sample was appended in this epoch or later. */
    boolean isActiveSince(int sinceEpoch) {
        return epoch >= sinceEpoch;
    }

    /** Takes note of samples in blocks: the next one is later than these. */
    void startAfter(long newestInBlocksMs) {
        lastTimestampMs = newestInBlocksMs;
    }

    boolean isEmpty() {
        return sealed.length == 0 && head == null;
    }

    /** The newest sample, staged or not; none if the series has none. */
    void readNewest(SampleColumns into) {
        if (staged != null && staged.size() > 0) {
            int newest = staged.size() - 1;
            FloatHistogram histogram = staged.histogram(newest);
            if (histogram == null) {
                into.add(staged.timestampMs(newest), staged.value(newest));
            } else {
                into.add(staged.timestampMs(newest), histogram);
            }
        } else {
            snapshot(Long.MAX_VALUE, false).read(lastTimestampMs, lastTimestampMs, into);
        }
    }

    boolean hasStaged() {
        return staged != null && staged.size() > 0;
    }

    /** Time of the newest sample, staged ones included. */
    long newestTimestampMs() {
        return staged == null || staged.size() == 0 ? lastTimestampMs : staged.timestampMs(staged.size() - 1);
    }

    /** The samples waiting for their commit. */
    SampleList staged() {
        if (staged == null) {
            staged = new SampleList();
        }
        return staged;
    }

    void discardStaged() {
        staged = null;
    }

    /** What is known, but for blocks, of the sample at a time no later than the newest. */
    Presence presenceOf(long timestampMs, double value, @Nullable FloatHistogram histogram) {
        if (staged != null) {
            for (int i = staged.size() - 1; i >= 0 && staged.timestampMs(i) >= timestampMs; i--) {
                if (staged.timestampMs(i) == timestampMs) {
                    return Presence.of(staged.value(i), staged.histogram(i), value, histogram);
                }
            }
        }
        SampleColumns stored = new SampleColumns();
        snapshot(Long.MAX_VALUE, false).read(timestampMs, timestampMs, stored);
        return presenceOf(stored, value, histogram);
    }

    /** How what was read for one time compares with what is written for it. */
    static Presence presenceOf(SampleColumns stored, double value, @Nullable FloatHistogram histogram) {
        return stored.size() == 0
                ? Presence.ABSENT
                : Presence.of(stored.value(0), stored.histogram(0), value, histogram);
    }

    /** Moves staged samples into the chunks. Returns the bytes by which the series grew. */
    long publish(long commit, long oldestView, int inEpoch) {
        SampleList samples = staged;
        if (samples == null) {
            return 0;
        }
        long grown = epoch == inEpoch ? 0 : seal();
        epoch = inEpoch;
        for (int i = 0; i < samples.size(); i++) {
            grown += append(samples.timestampMs(i), samples.value(i), samples.histogram(i));
        }
        staged = null;
        remember(commit, oldestView);
        return grown;
    }

    /**
     * Takes a sample that the log holds, as if before the first commit. One that is not later than all before it changes
     * nothing. Returns the bytes by which the series grew.
     */
    long recover(long timestampMs, double value, @Nullable FloatHistogram histogram) {
        if (timestampMs <= lastTimestampMs) {
            return 0;
        }
        long grown = append(timestampMs, value, histogram);
        epoch = 0;
        history[1] = appended;
        return grown;
    }

    /** Appends a sample, later than all before it. Returns the bytes by which the series grew. */
    private long append(long timestampMs, double value, @Nullable FloatHistogram histogram) {
        long before = headBytes();
        long sealedBytes = 0;
        ChunkAppender open = head;
        boolean fits = open != null
                && open.count() < Chunk.MAX_SAMPLES
                && open instanceof HistogramAppender == (histogram != null);
        if (open == null || !fits) {
            sealedBytes = seal();
            before = 0;
            open = histogram == null ? new FloatAppender() : new HistogramAppender();
            head = open;
        }
        if (open instanceof HistogramAppender histograms && histogram != null) {
            histograms.append(timestampMs, histogram);
        } else if (open instanceof FloatAppender floats) {
            floats.append(timestampMs, value);
        }
        lastTimestampMs = timestampMs;
        appended++;
        return sealedBytes + headBytes() - before;
    }

    /** Ends the chunk that grows. Returns the bytes by which the series grew. */
    private long seal() {
        ChunkAppender open = head;
        if (open == null) {
            return 0;
        }
        long before = headBytes();
        Chunk chunk = open.sealed();
        sealed = Arrays.copyOf(sealed, sealed.length + 1);
        sealed[sealed.length - 1] = chunk;
        head = null;
        return chunk.sizeBytes() - before;
    }

    /** Samples up to this time are in a block now; they stay here until {@link #trim}. */
    void flushed(long throughMs) {
        flushedMs = throughMs;
    }

    /** Forgets what is in blocks. Returns the bytes by which the series shrank. */
    long trim() {
        return dropBefore(flushedMs + 1);
    }

    /**
     * What a view opened after {@code commit} sees.
     *
     * @param seesBlocks whether it finds in blocks what has been flushed
     */
    SeriesSnapshot snapshot(long commit, boolean seesBlocks) {
        int from = 0;
        while (seesBlocks && from < sealed.length && sealed[from].maxTimestampMs() <= flushedMs) {
            from++;
        }
        boolean isHeadFlushed = seesBlocks && lastTimestampMs <= flushedMs;
        long hidden = appended - visibleAfter(commit);
        ChunkAppender open = isHeadFlushed ? null : head;
        Chunk last = null;
        int to = sealed.length;
        if (open != null && open.count() > hidden) {
            last = open.soFar().first((int) (open.count() - hidden));
        } else {
            hidden -= open == null ? 0 : open.count();
            while (to > from && hidden >= sealed[to - 1].count()) {
                hidden -= sealed[--to].count();
            }
            if (hidden > 0 && to > from) {
                last = sealed[to - 1].first((int) (sealed[to - 1].count() - hidden));
                to--;
            }
        }
        boolean isWhole = from == 0 && to == sealed.length;
        return new SeriesSnapshot(
                labels, isWhole ? sealed : Arrays.copyOfRange(sealed, from, Math.max(from, to)), last);
    }

    /** Forgets chunks that end before {@code cutoffMs}. Returns the bytes by which the series shrank. */
    long dropBefore(long cutoffMs) {
        int dropped = 0;
        long bytes = 0;
        while (dropped < sealed.length && sealed[dropped].maxTimestampMs() < cutoffMs) {
            bytes += sealed[dropped++].sizeBytes();
        }
        if (dropped > 0) {
            sealed = Arrays.copyOfRange(sealed, dropped, sealed.length);
        }
        if (sealed.length == 0 && head != null && lastTimestampMs < cutoffMs) {
            bytes += headBytes();
            head = null;
        }
        return bytes;
    }

    /** Time of the newest sample that is not staged. */
    long lastTimestampMs() {
        return lastTimestampMs;
    }

    private long headBytes() {
        return head == null ? 0 : head.allocatedBytes() + Chunk.OVERHEAD_BYTES;
    }

    private long visibleAfter(long commit) {
        for (int i = history.length - 2; i >= 0; i -= 2) {
            if (history[i] <= commit) {
                return history[i + 1];
            }
        }
        return 0;
    }

    /** Keeps of the past what a view at {@code oldestView} or later may ask for. */
    private void remember(long commit, long oldestView) {
        int from = 0;
        while (from + 2 < history.length && history[from + 2] <= oldestView) {
            from += 2;
        }
        boolean lastIsNeeded = history[history.length - 2] <= oldestView && oldestView < commit;
        if (!lastIsNeeded && from + 2 >= history.length) {
            history[history.length - 2] = commit;
            history[history.length - 1] = appended;
            if (from > 0) {
                history = Arrays.copyOfRange(history, from, history.length);
            }
            return;
        }
        long[] next = Arrays.copyOfRange(history, from, history.length + 2);
        next[next.length - 2] = commit;
        next[next.length - 1] = appended;
        history = next;
    }
}

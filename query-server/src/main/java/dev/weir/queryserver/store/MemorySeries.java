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

    /** The newest commit with samples, and how many there were after it. */
    private long lastCommit;

    private long lastCount;

    /** The same of commits before it, ascending, which open views may ask for. */
    private long @Nullable [] earlier;

    private @Nullable SampleList staged;

    /** Whether {@link #staged} is the writer's own. */
    private boolean isBorrowed;

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

    /** Whether there is a list of samples waiting for their commit. */
    boolean isStaging() {
        return staged != null;
    }

    /** The samples waiting for their commit, to be added to. */
    SampleList staged() {
        SampleList samples = staged;
        if (samples == null || isBorrowed) {
            samples = samples == null ? new SampleList() : samples.copy();
            staged = samples;
            isBorrowed = false;
        }
        return samples;
    }

    /** The samples waiting for their commit, to be read. */
    SampleList stagedSoFar() {
        return staged == null ? staged() : staged;
    }

    /** Lets these samples, all of them new, wait for their commit, where there are none yet. They are not changed. */
    void stage(SampleList samples) {
        staged = samples;
        isBorrowed = true;
    }

    void discardStaged() {
        staged = null;
        isBorrowed = false;
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
        discardStaged();
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
        lastCount = appended;
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
        if (lastCommit <= commit) {
            return lastCount;
        }
        long[] before = earlier;
        for (int i = before == null ? -1 : before.length - 2; before != null && i >= 0; i -= 2) {
            if (before[i] <= commit) {
                return before[i + 1];
            }
        }
        return 0;
    }

    /** Keeps of the past what a view at {@code oldestView} or later may ask for. */
    private void remember(long commit, long oldestView) {
        long[] before = earlier;
        if (oldestView >= commit) {
            earlier = null;
        } else if (before == null || lastCommit <= oldestView) {
            earlier = new long[] {lastCommit, lastCount};
        } else {
            int from = 0;
            while (from + 2 < before.length && before[from + 2] <= oldestView) {
                from += 2;
            }
            long[] next = Arrays.copyOfRange(before, from, before.length + 2);
            next[next.length - 2] = lastCommit;
            next[next.length - 1] = lastCount;
            earlier = next;
        }
        lastCommit = commit;
        lastCount = appended;
    }
}

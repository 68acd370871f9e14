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
 * One series in memory, less what has moved to blocks: sealed chunks and one that grows. The committing thread
 * changes it, and does so under the store's write lock, except for where it is staged; others read under the read lock.
 *
 * <p>A commit is known by its sequence number. The series remembers how many samples it had after each recent commit, for
 * as long as a view from before that commit is open, so that a view shows all of a commit or nothing of it.
 */
final class MemorySeries implements SeriesReference {
    private static final Chunk[] NO_CHUNKS = {};

    /** How many log records say what {@link #id} is, so that damage to one costs no other's samples. */
    private static final int DEFINITIONS = 2;

    /** How a stored sample compares with one written again for its time. */
    enum Presence {
        ABSENT,
        SAME,
        OTHER;

        static Presence of(
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
    private boolean isListed;

    private Chunk[] sealed = NO_CHUNKS;
    private @Nullable ChunkAppender head;
    private long lastTimestampMs = Long.MIN_VALUE;
    private int appended;

    /** Where {@link WriteStage} has the newest of its samples that are not durable yet, 0 if it has none. */
    private int staged;

    /** The newest commit with samples. */
    private long lastCommit;

    /** Commits before it, ascending, each with the number of samples after it, which open views may ask for. */
    private long @Nullable [] earlier;

    /** So many chunks, the oldest, are in blocks too; one more than {@link #sealed} has if the one that grows is. */
    private int flushed;

    /** The stretch of the log that the newest sample and the definitions are in. */
    private int epoch = -1;

    private int definedInEpoch = -1;
    private byte definitions;

    MemorySeries(long id, String project, Labels labels) {
        this.id = id;
        this.project = project;
        this.labels = labels;
        this.isFrontier = FrontierTracker.isFrontier(labels);
    }

    long id() {
        return id;
    }

    @Override
    public String project() {
        return project;
    }

    @Override
    public Labels labels() {
        return labels;
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

    /** The newest sample; none if the series has none. */
    void readNewest(SampleColumns into) {
        snapshot(Long.MAX_VALUE, false).read(lastTimestampMs, lastTimestampMs, into);
    }

    /** For the committing thread alone. */
    int staged() {
        return staged;
    }

    /** For the committing thread alone. */
    void stage(int newStaged) {
        staged = newStaged;
    }

    /** What is known, but for blocks and what is staged, of the sample at a time no later than the newest. */
    Presence presenceOf(long timestampMs, double value, @Nullable FloatHistogram histogram) {
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

    /**
     * Takes the samples {@code from} to {@code to}, exclusive, all later than those before them, into the chunks. Returns the
     * bytes by which the series grew.
     */
    long publish(SampleList samples, int from, int to, long commit, long oldestView, int inEpoch) {
        staged = 0;
        if (commit != lastCommit) {
            remember(oldestView);
            lastCommit = commit;
        }
        long grown = epoch == inEpoch ? 0 : seal();
        epoch = inEpoch;
        for (int i = from; i < to; i++) {
            grown += append(samples.timestampMs(i), samples.value(i), samples.histogram(i));
        }
        return grown;
    }

    /**
     * Takes the samples {@code from} to {@code to}, exclusive, that the log holds, as if before the first commit. One that is
     * not later than all before it, or is before {@code oldestKeptMs}, changes nothing. Returns the bytes by which the series
     * grew.
     */
    long recover(SampleList samples, int from, int to, long oldestKeptMs) {
        epoch = 0;
        long grown = 0;
        for (int i = from; i < to; i++) {
            long timestampMs = samples.timestampMs(i);
            if (timestampMs > lastTimestampMs && timestampMs >= oldestKeptMs) {
                grown += append(timestampMs, samples.value(i), samples.histogram(i));
            }
        }
        return grown;
    }

    /** Appends a sample, later than all before it. Returns the bytes by which the series grew. */
    private long append(long timestampMs, double value, @Nullable FloatHistogram histogram) {
        long grown = 0;
        ChunkAppender open = head;
        boolean fits = open != null
                && open.count() < Chunk.MAX_SAMPLES
                && open instanceof HistogramAppender == (histogram != null);
        if (open == null || !fits) {
            grown = seal();
            open = histogram == null ? new FloatAppender() : new HistogramAppender();
            head = open;
            grown += headBytes();
        }
        if (open instanceof HistogramAppender histograms && histogram != null) {
            grown += histograms.append(timestampMs, histogram);
        } else if (open instanceof FloatAppender floats) {
            grown += floats.append(timestampMs, value);
        }
        lastTimestampMs = timestampMs;
        appended++;
        return grown;
    }

    /** Ends the chunk that grows, if there is one. Returns the bytes by which the series grew, mostly fewer than none. */
    private long seal() {
        ChunkAppender open = head;
        if (open == null) {
            return 0;
        }
        long before = headBytes();
        Chunk chunk = open.sealed(lastTimestampMs);
        sealed = Arrays.copyOf(sealed, sealed.length + 1);
        sealed[sealed.length - 1] = chunk;
        head = null;
        return chunk.sizeBytes() - before;
    }

    /** Samples up to this time, that of the last one of a chunk, are in a block now; they stay here until {@link #trim}. */
    void flushed(long throughMs) {
        flushed = chunksThrough(throughMs);
    }

    /** Forgets what is in blocks. Returns the bytes by which the series shrank. */
    long trim() {
        return drop(flushed);
    }

    /**
     * What a view opened after {@code commit} sees.
     *
     * @param seesBlocks whether it finds in blocks what has been flushed
     */
    SeriesSnapshot snapshot(long commit, boolean seesBlocks) {
        int from = seesBlocks ? Math.min(flushed, sealed.length) : 0;
        long hidden = appended - visibleAfter(commit);
        ChunkAppender open = seesBlocks && flushed > sealed.length ? null : head;
        Chunk last = null;
        int to = sealed.length;
        if (open != null && open.count() > hidden) {
            last = open.soFar(lastTimestampMs).first((int) (open.count() - hidden));
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
        return drop(chunksThrough(cutoffMs - 1));
    }

    /** How many chunks, with the one that grows, end at this time or before. */
    private int chunksThrough(long timestampMs) {
        int count = 0;
        while (count < sealed.length && sealed[count].maxTimestampMs() <= timestampMs) {
            count++;
        }
        return count == sealed.length && head != null && lastTimestampMs <= timestampMs ? count + 1 : count;
    }

    private long drop(int count) {
        long bytes = 0;
        if (count > sealed.length) {
            bytes += headBytes();
            head = null;
        }
        int dropped = Math.min(count, sealed.length);
        for (int i = 0; i < dropped; i++) {
            bytes += sealed[i].sizeBytes();
        }
        if (dropped > 0) {
            sealed = dropped == sealed.length ? NO_CHUNKS : Arrays.copyOfRange(sealed, dropped, sealed.length);
        }
        flushed = Math.max(0, flushed - count);
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
            return appended;
        }
        long[] before = earlier;
        for (int i = before == null ? -1 : before.length - 2; before != null && i >= 0; i -= 2) {
            if (before[i] <= commit) {
                return before[i + 1];
            }
        }
        return 0;
    }

    /** Before a further commit: keeps of the past what a view at {@code oldestView} or later may ask for. */
    private void remember(long oldestView) {
        long[] before = earlier;
        if (oldestView == Long.MAX_VALUE) {
            earlier = null;
        } else if (before == null || lastCommit <= oldestView) {
            earlier = new long[] {lastCommit, appended};
        } else {
            int from = 0;
            while (from + 2 < before.length && before[from + 2] <= oldestView) {
                from += 2;
            }
            long[] next = Arrays.copyOfRange(before, from, before.length + 2);
            next[next.length - 2] = lastCommit;
            next[next.length - 1] = appended;
            earlier = next;
        }
    }
}

package dev.weir.queryserver.store;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.queryserver.frontier.FrontierTracker;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One series in memory: sealed chunks, a head that grows, and what is staged but not yet durable. The committing thread
 * changes it, and does so under the store's write lock, except for what is staged; others read under the read lock.
 *
 * <p>A commit is known by its sequence number. The series remembers how many samples it had after each recent commit, for
 * as long as a view from before that commit is open, so that a view shows all of a commit or nothing of it.
 */
final class MemorySeries {
    private static final Chunk[] NO_CHUNKS = {};

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

    /** What a series costs beside labels and chunks, about: this object, index entries, history. */
    static final int OVERHEAD_BYTES = 300;

    private final long id;
    private final String project;
    private final Labels labels;
    private final boolean isFrontier;
    private int ordinal;

    private Chunk[] sealed = NO_CHUNKS;
    private @Nullable ChunkAppender head;
    private long lastTimestampMs = Long.MIN_VALUE;
    private long appended;

    /** Commit, samples after it, commit, samples after it ...: ascending. */
    private long[] history = {0, 0};

    private @Nullable SampleList staged;

    /** The log segment that says what {@link #id} is; 0 if none. Used by the committing thread alone. */
    private long definedInSegment;

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

    boolean isFrontier() {
        return isFrontier;
    }

    boolean isDefinedIn(long segment) {
        return definedInSegment == segment;
    }

    void defineIn(long segment) {
        definedInSegment = segment;
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
            snapshot(Long.MAX_VALUE).read(lastTimestampMs, lastTimestampMs, into);
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

    /** What is known of the sample at a time no later than the newest. */
    Presence presenceOf(long timestampMs, double value, @Nullable FloatHistogram histogram) {
        if (staged != null) {
            for (int i = staged.size() - 1; i >= 0 && staged.timestampMs(i) >= timestampMs; i--) {
                if (staged.timestampMs(i) == timestampMs) {
                    return Presence.of(staged.value(i), staged.histogram(i), value, histogram);
                }
            }
        }
        SampleColumns stored = new SampleColumns();
        snapshot(Long.MAX_VALUE).read(timestampMs, timestampMs, stored);
        return stored.size() == 0
                ? Presence.ABSENT
                : Presence.of(stored.value(0), stored.histogram(0), value, histogram);
    }

    /** Moves staged samples into the chunks. Returns the bytes by which the series grew. */
    long publish(long commit, long oldestView) {
        SampleList samples = staged;
        if (samples == null) {
            return 0;
        }
        long grown = 0;
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
            if (open != null) {
                Chunk chunk = open.sealed();
                sealed = Arrays.copyOf(sealed, sealed.length + 1);
                sealed[sealed.length - 1] = chunk;
                sealedBytes = chunk.sizeBytes();
            }
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

    /** What a view opened after {@code commit} sees. */
    SeriesSnapshot snapshot(long commit) {
        long visible = visibleAfter(commit);
        long hidden = appended - visible;
        ChunkAppender open = head;
        Chunk last = null;
        if (open != null && open.count() > hidden) {
            last = open.soFar().first((int) (open.count() - hidden));
            return new SeriesSnapshot(labels, sealed, last);
        }
        hidden -= open == null ? 0 : open.count();
        int kept = sealed.length;
        while (kept > 0 && hidden >= sealed[kept - 1].count()) {
            hidden -= sealed[--kept].count();
        }
        if (hidden > 0 && kept > 0) {
            last = sealed[kept - 1].first((int) (sealed[kept - 1].count() - hidden));
            kept--;
        }
        return new SeriesSnapshot(labels, kept == sealed.length ? sealed : Arrays.copyOf(sealed, kept), last);
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
        if (sealed.length == 0 && head != null && lastTimestampMs < cutoffMs && staged == null) {
            bytes += headBytes();
            head = null;
        }
        return bytes;
    }

    List<Chunk> sealedChunks() {
        return List.of(sealed);
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

package dev.weir.aggregation.increment;

import dev.weir.aggregation.state.HistogramIo;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The native histograms of a target as they were when their classic part last moved. Whether that part moved, began anew or
 * is a baseline is decided for the histogram as a whole, by its counts (rule 2); what is kept here gives the gain of each
 * native bucket then. One entry for each histogram of the target's pages of one expiry.
 */
public final class NativeMemory {
    private static final class Entry {
        FloatHistogram histogram;
        long lastSeenMs;

        Entry(FloatHistogram histogram, long lastSeenMs) {
            this.histogram = histogram;
            this.lastSeenMs = lastSeenMs;
        }
    }

    private final Map<Long, Entry> entries = new HashMap<>();

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Notes the histogram as the one that later gains are counted from. */
    public void start(long seriesId, FloatHistogram present, long appendMs) {
        entries.put(seriesId, new Entry(present, appendMs));
    }

    /** Notes that the histogram is still there. */
    public void keep(long seriesId, long appendMs) {
        Entry entry = entries.get(seriesId);
        if (entry != null) {
            entry.lastSeenMs = appendMs;
        }
    }

    /**
     * What the histogram gained while its count rose by {@code countGained}; null if its buckets do not tell: they were not
     * known before, or fell though the count says that the process went on. Notes the present as the next one's start.
     */
    public @Nullable FloatHistogram gained(long seriesId, FloatHistogram present, double countGained, long appendMs) {
        Entry entry = entries.put(seriesId, new Entry(present, appendMs));
        if (present.count() == countGained) {
            return present;
        }
        if (entry == null) {
            return null;
        }
        FloatHistogram gained = present.minus(entry.histogram).withResetHint(FloatHistogram.ResetHint.UNKNOWN);
        boolean tells = gained.count() == countGained
                && gained.zeroCount() >= 0
                && noneNegative(gained.positive())
                && noneNegative(gained.negative());
        return tells ? gained : null;
    }

    /** Forgets what was not seen for so long. */
    public void expire(long nowMs, long expiryMs) {
        Iterator<Entry> all = entries.values().iterator();
        while (all.hasNext()) {
            if (nowMs - all.next().lastSeenMs > expiryMs) {
                all.remove();
            }
        }
    }

    private static boolean noneNegative(BucketCounts buckets) {
        for (int i = 0; i < buckets.size(); i++) {
            if (!(buckets.count(i) >= 0)) {
                return false;
            }
        }
        return true;
    }

    /** A copy that shares nothing that changes. */
    public NativeMemory copy() {
        NativeMemory copy = new NativeMemory();
        entries.forEach((id, entry) -> copy.entries.put(id, new Entry(entry.histogram, entry.lastSeenMs)));
        return copy;
    }

    public void write(DataOutput out) throws IOException {
        out.writeInt(entries.size());
        for (Map.Entry<Long, Entry> entry : entries.entrySet()) {
            out.writeLong(entry.getKey());
            out.writeLong(entry.getValue().lastSeenMs);
            HistogramIo.write(out, entry.getValue().histogram);
        }
    }

    public static NativeMemory read(DataInput in) throws IOException {
        NativeMemory memory = new NativeMemory();
        for (int i = in.readInt(); i > 0; i--) {
            long id = in.readLong();
            long lastSeenMs = in.readLong();
            memory.entries.put(id, new Entry(HistogramIo.read(in), lastSeenMs));
        }
        return memory;
    }
}

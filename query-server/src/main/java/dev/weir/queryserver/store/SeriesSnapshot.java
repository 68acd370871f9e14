package dev.weir.queryserver.store;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.queryserver.store.chunk.Chunk;
import dev.weir.series.Labels;
import org.jspecify.annotations.Nullable;

/** One series as it was at one moment: later writes do not show. */
final class SeriesSnapshot implements StoredSeries {
    private final Labels labels;
    private final Chunk[] sealed;
    private final @Nullable Chunk last;

    SeriesSnapshot(Labels labels, Chunk[] sealed, @Nullable Chunk last) {
        this.labels = labels;
        this.sealed = sealed;
        this.last = last;
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public void read(long minTimestampMs, long maxTimestampMs, SampleColumns into) {
        for (int i = firstThatEndsAtOrAfter(minTimestampMs); i < sealed.length; i++) {
            if (sealed[i].minTimestampMs() > maxTimestampMs) {
                return;
            }
            sealed[i].read(minTimestampMs, maxTimestampMs, into);
        }
        if (last != null) {
            last.read(minTimestampMs, maxTimestampMs, into);
        }
    }

    /** Whether any chunk may hold a sample of this time. */
    boolean overlaps(long fromMs, long toMs) {
        if (last != null && last.overlaps(fromMs, toMs)) {
            return true;
        }
        int first = firstThatEndsAtOrAfter(fromMs);
        return first < sealed.length && sealed[first].overlaps(fromMs, toMs);
    }

    private int firstThatEndsAtOrAfter(long timestampMs) {
        int low = 0;
        int high = sealed.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sealed[middle].maxTimestampMs() < timestampMs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}

package dev.weir.queryserver.store;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One series whose samples lie in several places, each of which holds later ones than those before it. */
record LayeredSeries(List<StoredSeries> older, @Nullable StoredSeries newest) implements StoredSeries {
    /** The series of blocks, by labels, and those in memory; each label set once. */
    static List<StoredSeries> over(Map<Labels, List<StoredSeries>> blocks, List<StoredSeries> head) {
        if (blocks.isEmpty()) {
            return head;
        }
        List<StoredSeries> all = new ArrayList<>(Math.max(blocks.size(), head.size()));
        Map<Labels, List<StoredSeries>> rest = new HashMap<>(blocks);
        for (StoredSeries series : head) {
            List<StoredSeries> older = rest.remove(series.labels());
            all.add(older == null ? series : new LayeredSeries(older, series));
        }
        for (List<StoredSeries> older : rest.values()) {
            all.add(older.size() == 1 ? older.get(0) : new LayeredSeries(older, null));
        }
        return all;
    }

    @Override
    public Labels labels() {
        return older.get(0).labels();
    }

    @Override
    public void read(long minTimestampMs, long maxTimestampMs, SampleColumns into) {
        for (StoredSeries series : older) {
            series.read(minTimestampMs, maxTimestampMs, into);
        }
        if (newest != null) {
            newest.read(minTimestampMs, maxTimestampMs, into);
        }
    }
}

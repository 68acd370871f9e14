package dev.weir.queryserver.store;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two projects' series of the same labels, for a read that sees all projects: their samples in order of time, of two for
 * the same time the first's. Labels that name the project keep this from happening.
 */
record MergedSeries(StoredSeries first, StoredSeries second) implements StoredSeries {
    /** All series of several projects, each label set once. */
    static List<StoredSeries> unite(List<List<StoredSeries>> byProject) {
        if (byProject.size() < 2) {
            return byProject.isEmpty() ? List.of() : byProject.get(0);
        }
        Map<Labels, StoredSeries> united = new LinkedHashMap<>();
        byProject.forEach(
                ofProject -> ofProject.forEach(series -> united.merge(series.labels(), series, MergedSeries::new)));
        return new ArrayList<>(united.values());
    }

    @Override
    public Labels labels() {
        return first.labels();
    }

    @Override
    public void read(long minTimestampMs, long maxTimestampMs, SampleColumns into) {
        SampleColumns a = new SampleColumns();
        SampleColumns b = new SampleColumns();
        first.read(minTimestampMs, maxTimestampMs, a);
        second.read(minTimestampMs, maxTimestampMs, b);
        int i = 0;
        int k = 0;
        while (i < a.size() || k < b.size()) {
            boolean takesFirst = k == b.size() || (i < a.size() && a.timestampMs(i) <= b.timestampMs(k));
            if (takesFirst) {
                boolean isShared = k < b.size() && b.timestampMs(k) == a.timestampMs(i);
                copy(a, i++, into);
                k += isShared ? 1 : 0;
            } else {
                copy(b, k++, into);
            }
        }
    }

    private static void copy(SampleColumns from, int index, SampleColumns into) {
        FloatHistogram histogram = from.histogram(index);
        if (histogram == null) {
            into.add(from.timestampMs(index), from.value(index));
        } else {
            into.add(from.timestampMs(index), histogram);
        }
    }
}

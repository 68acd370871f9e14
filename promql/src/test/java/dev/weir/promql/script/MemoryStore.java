package dev.weir.promql.script;

import dev.weir.promql.storage.Queryable;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.series.FloatHistogram;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Series in memory. Immutable: adding gives a new store that shares what did not change. */
public final class MemoryStore implements Queryable {
    public static final MemoryStore EMPTY = new MemoryStore(new TreeMap<>());

    private final NavigableMap<Labels, NavigableMap<Long, Object>> series;

    private MemoryStore(NavigableMap<Labels, NavigableMap<Long, Object>> series) {
        this.series = series;
    }

    /** This store and the samples, each a Double or a FloatHistogram; known ones stay as they are. */
    public MemoryStore with(Labels labels, Map<Long, Object> samples) {
        NavigableMap<Labels, NavigableMap<Long, Object>> changed = new TreeMap<>(series);
        NavigableMap<Long, Object> merged = new TreeMap<>(samples);
        merged.putAll(changed.getOrDefault(labels, new TreeMap<>()));
        changed.put(labels, merged);
        return new MemoryStore(changed);
    }

    @Override
    public List<StoredSeries> select(List<LabelMatcher> matchers, long minTimestampMs, long maxTimestampMs) {
        List<StoredSeries> selected = new ArrayList<>();
        series.forEach((labels, samples) -> {
            if (matchers.stream().allMatch(matcher -> matcher.matches(labels))) {
                selected.add(new MemorySeries(labels, samples));
            }
        });
        return selected;
    }

    private record MemorySeries(Labels labels, NavigableMap<Long, Object> samples) implements StoredSeries {
        @Override
        public void read(long minTimestampMs, long maxTimestampMs, SampleColumns into) {
            if (minTimestampMs > maxTimestampMs) {
                return;
            }
            samples.subMap(minTimestampMs, true, maxTimestampMs, true).forEach((time, value) -> {
                if (value instanceof FloatHistogram histogram) {
                    into.add(time, histogram);
                } else {
                    into.add(time, (Double) value);
                }
            });
        }
    }
}

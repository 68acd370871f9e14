package dev.weir.promql.script;

import dev.weir.promql.function.ClassicHistogram;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The load commands; {@code load_with_nhcb} adds the custom-bucket histograms of the classic ones. */
final class Loading {
    private Loading() {}

    static MemoryStore load(MemoryStore store, String head, List<String> block) {
        long gapMs = Script.millis(head.split("\\s+")[1]);
        Map<Labels, NavigableMap<Long, Object>> loaded = new LinkedHashMap<>();
        for (String line : block) {
            SeriesNotation.Series series = new SeriesNotation(line).parse();
            NavigableMap<Long, Object> samples = new TreeMap<>();
            for (int i = 0; i < series.values().size(); i++) {
                Object value = series.values().get(i);
                if (value != null) {
                    samples.put(i * gapMs, value);
                }
            }
            loaded.put(series.labels(), samples);
        }
        if (head.startsWith("load_with_nhcb")) {
            loaded.putAll(customBucketHistograms(loaded));
        }
        MemoryStore result = store;
        for (Map.Entry<Labels, NavigableMap<Long, Object>> series : loaded.entrySet()) {
            result = result.with(series.getKey(), series.getValue());
        }
        return result;
    }

    private static Map<Labels, NavigableMap<Long, Object>> customBucketHistograms(
            Map<Labels, NavigableMap<Long, Object>> loaded) {
        Map<Labels, NavigableMap<Long, Parts>> parts = new LinkedHashMap<>();
        loaded.forEach((labels, samples) -> {
            String name = labels.metricName();
            for (String suffix : List.of("_bucket", "_sum", "_count")) {
                if (name.endsWith(suffix)) {
                    Labels base = labels.without(List.of("le")).toBuilder()
                            .set(Labels.METRIC_NAME, name.substring(0, name.length() - suffix.length()))
                            .build();
                    NavigableMap<Long, Parts> byTime = parts.computeIfAbsent(base, key -> new TreeMap<>());
                    samples.forEach((time, value) -> {
                        if (value instanceof Double number && !StaleMarker.isStale(number)) {
                            byTime.computeIfAbsent(time, key -> new Parts()).set(suffix, labels, number);
                        }
                    });
                }
            }
        });
        Map<Labels, NavigableMap<Long, Object>> histograms = new LinkedHashMap<>();
        parts.forEach((labels, byTime) -> {
            NavigableMap<Long, Object> samples = new TreeMap<>();
            byTime.forEach((time, part) -> samples.put(time, part.histogram()));
            histograms.put(labels, samples);
        });
        return histograms;
    }

    private static final class Parts {
        private final TreeMap<Double, Double> cumulative = new TreeMap<>();
        private double sum;
        private @Nullable Double count;

        void set(String suffix, Labels labels, double value) {
            switch (suffix) {
                case "_sum" -> sum = value;
                case "_count" -> count = value;
                default -> {
                    String le = labels.getOrEmpty("le");
                    if (!le.isEmpty()) {
                        try {
                            double bound = ClassicHistogram.bound(le);
                            if (!Double.isNaN(bound)) {
                                cumulative.putIfAbsent(bound, value);
                            }
                        } catch (NumberFormatException notABound) {
                            // Such a series is no bucket.
                        }
                    }
                }
            }
        }

        FloatHistogram histogram() {
            double total = count != null
                    ? count
                    : cumulative.isEmpty() ? 0 : cumulative.lastEntry().getValue();
            cumulative.putIfAbsent(Double.POSITIVE_INFINITY, total);
            double[] bounds = cumulative.keySet().stream()
                    .filter(bound -> bound != Double.POSITIVE_INFINITY)
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            double[] counts = new double[cumulative.size()];
            double before = 0;
            int i = 0;
            for (double value : cumulative.values()) {
                counts[i++] = value - before;
                before = value;
            }
            return FloatHistogram.builder()
                    .customBounds(bounds)
                    .count(total)
                    .sum(sum)
                    .positive(BucketCounts.adjacent(0, counts))
                    .build();
        }
    }
}

package dev.weir.queryserver.store;

import static dev.weir.queryserver.store.StoreFixture.NOW_MS;

import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Writes random requests and keeps its own list of what was acknowledged. */
final class StoreModel {
    private static final String[] PROJECTS = {"p", "q"};

    private final Random random;
    private final Map<String, TreeMap<Labels, List<String>>> acknowledged = new TreeMap<>();
    private final int seriesCount;
    private long nowMs = NOW_MS - 10_000_000;

    StoreModel(long seed, int seriesCount) {
        this.random = new Random(seed);
        this.seriesCount = seriesCount;
    }

    /** One request, of which the store must keep every sample. */
    WriteBatch next() {
        nowMs += 1 + random.nextInt(2) * 5_000L;
        List<SeriesSamples> all = new ArrayList<>();
        for (String project : PROJECTS) {
            for (int i = 0; i < seriesCount; i++) {
                if (random.nextInt(3) > 0) {
                    all.add(samples(project, labels(i)));
                }
            }
        }
        return WriteBatch.of(all, List.of());
    }

    /** Takes note that the store has acknowledged the request. */
    void acknowledge(WriteBatch batch) {
        SampleList samples = batch.samples();
        for (int s = 0; s < batch.seriesCount(); s++) {
            SeriesReference series = batch.series(s);
            List<String> texts = acknowledged
                    .computeIfAbsent(series.project(), p -> new TreeMap<>())
                    .computeIfAbsent(series.labels(), l -> new ArrayList<>());
            for (int i = batch.from(s); i < batch.to(s); i++) {
                Object value = samples.histogram(i) == null ? (Object) samples.value(i) : samples.histogram(i);
                texts.add(samples.timestampMs(i) + "=" + value);
            }
        }
    }

    /** What a view of the project must show, as {@link StoreFixture#contents} does. */
    Map<String, List<String>> contents(String project) {
        Map<String, List<String>> contents = new TreeMap<>();
        acknowledged
                .getOrDefault(project, new TreeMap<>())
                .forEach((labels, texts) -> contents.put(labels.toString(), List.copyOf(texts)));
        return contents;
    }

    static Labels labels(int series) {
        Labels.Builder labels = Labels.builder()
                .set(Labels.METRIC_NAME, "m" + series % 3)
                .set("instance", "10.0.0." + series / 7 + ":8000")
                .set("i", Integer.toString(series));
        if (series % 4 == 0) {
            labels.set("sometimes", "\uD83D\uDE00" + series % 8);
        }
        return labels.build();
    }

    private SeriesSamples samples(String project, Labels labels) {
        SampleList samples = new SampleList();
        for (int i = 0; i <= random.nextInt(3); i++) {
            boolean isHistogram = labels.metricName().equals("m2") && random.nextInt(4) > 0;
            samples.add(nowMs + i, isHistogram ? 0 : value(), isHistogram ? histogram() : null);
        }
        nowMs += random.nextInt(2);
        return new SeriesSamples(project, labels, samples);
    }

    private double value() {
        return switch (random.nextInt(8)) {
            case 0 -> StaleMarker.VALUE;
            case 1 -> random.nextGaussian();
            case 2 -> Double.NEGATIVE_INFINITY;
            default -> random.nextInt(100);
        };
    }

    private FloatHistogram histogram() {
        return FloatHistogram.builder()
                .count(random.nextInt(10))
                .sum(random.nextGaussian())
                .schema(random.nextInt(9))
                .positive(BucketCounts.adjacent(random.nextInt(9) - 4, random.nextInt(5), 1, 2))
                .build();
    }
}

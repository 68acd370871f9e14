package dev.weir.queryserver.store;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stores for tests: their clock stands at {@link #NOW}. */
final class StoreFixture {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final long NOW_MS = NOW.toEpochMilli();
    static final Duration RETENTION = Duration.ofDays(30);
    static final InstantSource CLOCK = InstantSource.fixed(NOW);

    private static final long MAX_CHUNK_BYTES = 64 << 20;

    private StoreFixture() {}

    static StoreOptions options(Path directory) {
        return StoreOptions.of(directory, RETENTION).withMaxChunkBytes(MAX_CHUNK_BYTES);
    }

    static Store open(Path directory) throws IOException {
        return Store.open(options(directory), CLOCK);
    }

    static SeriesSamples samples(Labels labels, Number... timesAndValues) {
        return samples("default", labels, timesAndValues);
    }

    static SeriesSamples samples(String project, Labels labels, Number... timesAndValues) {
        SampleList samples = new SampleList();
        for (int i = 0; i < timesAndValues.length; i += 2) {
            samples.add(timesAndValues[i].longValue(), timesAndValues[i + 1].doubleValue());
        }
        return new SeriesSamples(project, labels, samples);
    }

    static WriteBatch batch(SeriesSamples... series) {
        return WriteBatch.of(List.of(series), List.of());
    }

    static void append(Store store, SeriesSamples... series) throws WriteRejectedException {
        append(store, batch(series));
    }

    static void append(Store store, WriteBatch batch) throws WriteRejectedException {
        try {
            store.append(batch).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WriteRejectedException rejected) {
                throw rejected;
            }
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Every sample that a view shows, by series, as "time=value" texts. */
    static Map<String, List<String>> contents(Store store, @Nullable String project) {
        try (StoreView view = store.view(project)) {
            return contents(view, List.of());
        }
    }

    static Map<String, List<String>> contents(StoreView view, List<LabelMatcher> matchers) {
        Map<String, List<String>> contents = new TreeMap<>();
        for (StoredSeries series : view.select(matchers, Long.MIN_VALUE, Long.MAX_VALUE)) {
            SampleColumns columns = new SampleColumns();
            series.read(Long.MIN_VALUE, Long.MAX_VALUE, columns);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                Object value = columns.histogram(i) == null ? (Object) columns.value(i) : columns.histogram(i);
                texts.add(columns.timestampMs(i) + "=" + value);
            }
            contents.put(series.labels().toString(), texts);
        }
        return contents;
    }

    /** The samples of one series that a view shows. */
    static List<String> samplesOf(Store store, String series) {
        return contents(store, null).getOrDefault(series, List.of());
    }

    /** What a sudden end of the process would leave of a directory. */
    static Path copy(Path directory, Path target) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path to = target.resolve(directory.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(path, to);
                }
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.weir.queryserver.store;

import static dev.weir.queryserver.store.StoreFixture.NOW_MS;
import static dev.weir.queryserver.store.StoreFixture.append;
import static dev.weir.queryserver.store.StoreFixture.contents;
import static dev.weir.queryserver.store.StoreFixture.samples;
import static dev.weir.queryserver.store.StoreFixture.samplesOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.queryserver.store.WriteRejectedException.Reason;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreBlocksTest {
    private static final Labels A = Labels.of("__name__", "a");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43, 44})
    void showsEverySampleWhereverItLies(long seed) throws Exception {
        StoreModel model = new StoreModel(seed, 40);
        Random random = new Random(seed);
        Store store = StoreFixture.open(directory);
        for (int i = 0; i < 120; i++) {
            WriteBatch batch = model.next();
            append(store, batch);
            model.acknowledge(batch);
            if (random.nextInt(10) == 0) {
                append(store, batch);
            }
            if (random.nextInt(12) == 0) {
                store.compact();
            }
            if (random.nextInt(25) == 0) {
                store.close();
                store = StoreFixture.open(directory);
            }
            if (i % 20 == 0) {
                assertEquals(model.contents("p"), contents(store, "p"));
            }
        }
        store.compact();
        assertEquals(model.contents("p"), contents(store, "p"));
        assertEquals(model.contents("q"), contents(store, "q"));
        assertEquals(0, store.stats().chunkBytes());
        assertEquals(1, store.stats().blocks());
        store.close();
    }

    @Test
    void findsInABlockWhatItFoundInMemory() throws Exception {
        StoreModel model = new StoreModel(7, 60);
        try (Store store = StoreFixture.open(directory)) {
            for (int i = 0; i < 5; i++) {
                append(store, model.next());
            }
            List<List<LabelMatcher>> all = matchers();
            List<Set<String>> inMemory =
                    all.stream().map(one -> found(store, one)).toList();
            store.compact();
            assertEquals(0, store.stats().chunkBytes());
            for (int i = 0; i < all.size(); i++) {
                assertEquals(
                        inMemory.get(i), found(store, all.get(i)), all.get(i).toString());
                Set<String> expected = new TreeSet<>();
                for (int series = 0; series < 60; series++) {
                    Labels labels = StoreModel.labels(series);
                    if (all.get(i).stream().allMatch(matcher -> matcher.matches(labels))) {
                        expected.add(labels.toString());
                    }
                }
                assertEquals(expected, inMemory.get(i), all.get(i).toString());
            }
        }
    }

    private static List<List<LabelMatcher>> matchers() {
        LabelMatcher name = new LabelMatcher(LabelMatcher.Type.EQUAL, "__name__", "m1");
        return List.of(
                List.of(),
                List.of(name),
                List.of(name, new LabelMatcher(LabelMatcher.Type.EQUAL, "i", "4")),
                List.of(name, new LabelMatcher(LabelMatcher.Type.NOT_EQUAL, "i", "4")),
                List.of(new LabelMatcher(LabelMatcher.Type.REGEX, "i", "4|5|x|")),
                List.of(new LabelMatcher(LabelMatcher.Type.REGEX, "i", "4|5|x")),
                List.of(new LabelMatcher(LabelMatcher.Type.REGEX, "i", ".*1")),
                List.of(new LabelMatcher(LabelMatcher.Type.NOT_REGEX, "i", "1.*|")),
                List.of(new LabelMatcher(LabelMatcher.Type.NOT_REGEX, "i", "1|2")),
                List.of(new LabelMatcher(LabelMatcher.Type.EQUAL, "sometimes", "")),
                List.of(new LabelMatcher(LabelMatcher.Type.NOT_EQUAL, "sometimes", "")),
                List.of(new LabelMatcher(LabelMatcher.Type.EQUAL, "sometimes", "\uD83D\uDE004")),
                List.of(new LabelMatcher(LabelMatcher.Type.EQUAL, "never", "")),
                List.of(new LabelMatcher(LabelMatcher.Type.EQUAL, "never", "x")),
                List.of(new LabelMatcher(LabelMatcher.Type.EQUAL, "i", "777")));
    }

    private static Set<String> found(Store store, List<LabelMatcher> matchers) {
        try (StoreView view = store.view("p")) {
            Set<String> found = new TreeSet<>();
            for (StoredSeries series : view.select(matchers, Long.MIN_VALUE, Long.MAX_VALUE)) {
                assertTrue(found.add(series.labels().toString()));
            }
            return found;
        }
    }

    @Test
    void aViewFromBeforeAFlushGoesOnShowingWhatItShowed() throws Exception {
        try (Store store = StoreFixture.open(directory)) {
            append(store, samples(A, NOW_MS - 3000, 1));
            try (StoreView early = store.view(null)) {
                append(store, samples(A, NOW_MS - 2000, 2));
                store.compact();
                append(store, samples(A, NOW_MS - 1000, 3));
                assertEquals(Map.of("a{}", List.of(NOW_MS - 3000 + "=1.0")), contents(early, List.of()));
                assertEquals(3, samplesOf(store, "a{}").size());
            }
            append(store, samples(A, NOW_MS, 4));
            store.compact();
            store.compact();
            assertEquals(4, samplesOf(store, "a{}").size());
            assertEquals(0, store.stats().chunkBytes());
        }
    }

    @Test
    void aViewFromBeforeAMergeGoesOnReadingBlocksThatAreGone() throws Exception {
        try (Store store = StoreFixture.open(directory)) {
            append(store, samples(A, NOW_MS - 3000, 1));
            store.compact();
            try (StoreView early = store.view(null)) {
                List<StoredSeries> series = early.select(List.of(), Long.MIN_VALUE, Long.MAX_VALUE);
                append(store, samples(A, NOW_MS - 2000, 2));
                store.compact();
                assertEquals(1, store.stats().blocks());
                SampleColumns read = new SampleColumns();
                series.get(0).read(Long.MIN_VALUE, Long.MAX_VALUE, read);
                assertEquals(1, read.size());
                assertEquals(2, files().size());
            }
            assertEquals(1, files().size());
        }
    }

    @Test
    void knowsSamplesInBlocksWhenTheyAreWrittenAgain() throws Exception {
        try (Store store = StoreFixture.open(directory)) {
            append(store, samples(A, NOW_MS - 3000, 1, NOW_MS - 2000, StaleMarker.VALUE));
            store.compact();
        }
        try (Store store = StoreFixture.open(directory)) {
            append(store, samples(A, NOW_MS - 3000, 1, NOW_MS - 2000, StaleMarker.VALUE));
            assertEquals(2, store.stats().samplesRepeated());
            assertEquals(Reason.DUPLICATE_TIMESTAMP, refused(store, NOW_MS - 3000, 2));
            assertEquals(Reason.OUT_OF_ORDER, refused(store, NOW_MS - 2500, 2));
            append(store, samples(A, NOW_MS - 1000, 3));
            assertEquals(Reason.OUT_OF_ORDER, refused(store, NOW_MS - 1500, 2));
            assertEquals(3, samplesOf(store, "a{}").size());
        }
    }

    private static Reason refused(Store store, long timestampMs, double value) {
        return assertThrows(WriteRejectedException.class, () -> append(store, samples(A, timestampMs, value)))
                .reason();
    }

    @Test
    void addsNoZeroAtATimeBeforeWhatABlockHolds() throws Exception {
        try (Store store = StoreFixture.open(directory)) {
            append(store, samples("p", A, NOW_MS - 2000, 7));
            store.compact();
        }
        try (Store store = StoreFixture.open(directory)) {
            WriteBatch.Builder batch = new WriteBatch.Builder();
            batch.samples().add(NOW_MS, 9);
            batch.endSeries(SeriesReference.of("p", A), NOW_MS - 3000);
            append(store, batch.build(List.of()));
            assertEquals(List.of((NOW_MS - 2000) + "=7.0", NOW_MS + "=9.0"), samplesOf(store, "a{}"));
        }
    }

    @Test
    void emptiesTheLogByAFlushAndKeepsWhatMetadataSays() throws Exception {
        try (Store store = StoreFixture.open(directory)) {
            append(
                    store,
                    WriteBatch.of(
                            List.of(samples(A, NOW_MS, 1)),
                            List.of(new MetricMetadata("", "a", "counter", "Helps.", "seconds"))));
            store.compact();
            assertTrue(store.stats().logBytes() < 200);
            Path copy = StoreFixture.copy(directory, directory.resolveSibling(directory.getFileName() + "-copy"));
            try (Store other = StoreFixture.open(copy);
                    StoreView view = other.view("any")) {
                assertEquals("Helps.", view.metadata().get(0).help());
                assertEquals(1, samplesOf(other, "a{}").size());
            }
        }
    }

    @Test
    void learnsTheFrontiersAgainFromBlocks() throws Exception {
        Labels frontier = Labels.of("__name__", "weir_frontier_timestamp_seconds", "project_id", "p", "partition", "0");
        try (Store store = StoreFixture.open(directory)) {
            append(store, samples("p", frontier, NOW_MS - 5000, (NOW_MS - 5000) / 1e3));
            store.compact();
            store.compact();
            assertEquals(Map.of("p", NOW_MS - 5000), store.frontiers().millisByProject());
        }
        try (Store store = StoreFixture.open(directory)) {
            assertEquals(Map.of("p", NOW_MS - 5000), store.frontiers().millisByProject());
            append(store, samples("p", frontier, NOW_MS, NOW_MS / 1e3));
            assertEquals(Map.of("p", NOW_MS), store.frontiers().millisByProject());
        }
    }

    @Test
    void deletesTheOldestBlocksBeyondTheSizeOfTheRetention() throws Exception {
        StoreOptions options = StoreFixture.options(directory).withMaxDiskBytes(150_000);
        try (Store store = Store.open(options, StoreFixture.CLOCK)) {
            Random random = new Random(1);
            for (int i = 0; i < 20; i++) {
                SampleList samples = new SampleList();
                for (int k = 0; k < 2_000; k++) {
                    samples.add(NOW_MS - 100_000 + i * 2_000L + k, random.nextDouble());
                }
                append(store, WriteBatch.of(List.of(new SeriesSamples("p", A, samples)), List.of()));
                store.compact();
                assertTrue(store.stats().blockBytes() <= 170_000, store.stats().toString());
            }
            assertTrue(store.stats().blocksExpired() > 0);
            List<String> kept = samplesOf(store, "a{}");
            assertTrue(kept.get(kept.size() - 1).startsWith(NOW_MS - 100_000 + 39_999 + "="));
        }
    }

    @Test
    void ignoresWhatAnInterruptedMergeHasLeft() throws Exception {
        Path before = directory.resolve("before");
        try (Store store = StoreFixture.open(directory.resolve("a"))) {
            append(store, samples(A, NOW_MS - 1, 1));
            store.compact();
            StoreFixture.copy(directory.resolve("a"), before);
            append(store, samples(A, NOW_MS, 2));
            store.compact();
        }
        Path first = only(before.resolve("blocks"));
        Files.copy(first, directory.resolve("a").resolve("blocks").resolve(first.getFileName()));
        Files.writeString(directory.resolve("a/blocks/000000000009-000000000009.block.tmp"), "begun");
        try (Store store = StoreFixture.open(directory.resolve("a"))) {
            assertEquals(List.of(NOW_MS - 1 + "=1.0", NOW_MS + "=2.0"), samplesOf(store, "a{}"));
        }
        assertEquals(1, list(directory.resolve("a/blocks")).size());
    }

    private List<Path> files() throws IOException {
        return list(directory.resolve("blocks"));
    }

    private static Path only(Path folder) throws IOException {
        return list(folder).get(0);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.sorted().toList();
        }
    }
}

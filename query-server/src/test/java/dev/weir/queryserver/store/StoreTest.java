package dev.weir.queryserver.store;

import static dev.weir.queryserver.store.StoreFixture.NOW_MS;
import static dev.weir.queryserver.store.StoreFixture.append;
import static dev.weir.queryserver.store.StoreFixture.contents;
import static dev.weir.queryserver.store.StoreFixture.samples;
import static dev.weir.queryserver.store.StoreFixture.samplesOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.store.WriteRejectedException.Reason;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final Labels A = Labels.of("__name__", "a");
    private static final Labels B = Labels.of("__name__", "b");

    @TempDir
    Path directory;

    private Store store;

    @BeforeEach
    void open() throws IOException {
        store = StoreFixture.open(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void showsWhatWasAcknowledged() throws Exception {
        append(store, samples(A, NOW_MS - 1000, 1, NOW_MS, 2), samples(B, NOW_MS, -0.0));
        assertEquals(
                Map.of("a{}", List.of(NOW_MS - 1000 + "=1.0", NOW_MS + "=2.0"), "b{}", List.of(NOW_MS + "=-0.0")),
                contents(store, null));
    }

    @Test
    void acceptsTheSameSampleAgainHoweverOldItIs() throws Exception {
        for (int i = 0; i < 1000; i++) {
            append(store, samples(A, NOW_MS - 1_000_000 + i * 1000L, i));
        }
        append(store, samples(A, NOW_MS - 1_000_000, 0, NOW_MS - 500_000, 500, NOW_MS - 1000, 999));
        assertEquals(1000, samplesOf(store, "a{}").size());
        assertEquals(3, store.stats().samplesRepeated());
    }

    @Test
    void acceptsAStaleMarkerAgainButNoOtherNan() throws Exception {
        append(store, samples(A, NOW_MS, StaleMarker.VALUE));
        append(store, samples(A, NOW_MS, StaleMarker.VALUE));
        assertRefused(Reason.DUPLICATE_TIMESTAMP, samples(A, NOW_MS, Double.NaN));
    }

    @Test
    void refusesTheWholeRequestForOneOtherValue() throws Exception {
        append(store, samples(A, NOW_MS, 1));
        assertRefused(Reason.DUPLICATE_TIMESTAMP, samples(B, NOW_MS, 1), samples(A, NOW_MS, 2));
        assertEquals(Set.of("a{}"), contents(store, null).keySet());
    }

    @Test
    void refusesTheWholeRequestForOneSampleOutOfOrder() throws Exception {
        append(store, samples(A, NOW_MS, 1));
        assertRefused(Reason.OUT_OF_ORDER, samples(A, NOW_MS + 1, 1), samples(B, NOW_MS, 1), samples(A, NOW_MS - 1, 2));
        append(store, samples(A, NOW_MS + 1, 7));
        assertEquals(List.of(NOW_MS + "=1.0", NOW_MS + 1 + "=7.0"), samplesOf(store, "a{}"));
    }

    @Test
    void refusesOutOfOrderWithinOneRequest() {
        assertRefused(Reason.OUT_OF_ORDER, samples(A, NOW_MS, 1), samples(A, NOW_MS - 1, 2));
        assertEquals(Map.of(), contents(store, null));
    }

    @Test
    void takesOneSeriesFromSeveralPartsOfARequest() throws Exception {
        append(store, samples(A, NOW_MS - 2, 1), samples(B, NOW_MS, 1), samples(A, NOW_MS - 1, 2));
        assertEquals(2, samplesOf(store, "a{}").size());
    }

    @Test
    void refusesSamplesMoreThanTenMinutesAhead() throws Exception {
        append(store, samples(A, NOW_MS + 600_000, 1));
        assertRefused(Reason.TOO_FAR_AHEAD, samples(B, NOW_MS + 600_001, 1));
    }

    @Test
    void refusesSamplesOlderThanTheRetention() {
        assertRefused(Reason.TOO_OLD, samples(A, NOW_MS - StoreFixture.RETENTION.toMillis() - 1, 1));
        assertRefused(Reason.TOO_OLD, samples(A, Long.MIN_VALUE, 1));
    }

    @Test
    void namesSeriesTimeAndExpectationInARefusal() throws Exception {
        append(store, samples(A, NOW_MS, 1));
        WriteRejectedException e =
                assertThrows(WriteRejectedException.class, () -> append(store, samples(A, NOW_MS - 5, 1)));
        assertEquals(
                "out of order sample: timestamp " + (NOW_MS - 5) + " of a{} (expected: later than " + NOW_MS + ")",
                e.getMessage());
    }

    @Test
    void showsAProjectOnlyItsOwnSeries() throws Exception {
        append(store, samples("p", A, NOW_MS, 1), samples("q", A, NOW_MS - 1, 2), samples("q", B, NOW_MS, 3));
        assertEquals(Map.of("a{}", List.of(NOW_MS + "=1.0")), contents(store, "p"));
        assertEquals(Set.of("a{}", "b{}"), contents(store, "q").keySet());
        assertEquals(Map.of(), contents(store, "nobody"));
        assertEquals(List.of(NOW_MS - 1 + "=2.0", NOW_MS + "=1.0"), samplesOf(store, "a{}"));
    }

    @Test
    void aViewShowsNothingOfLaterCommits() throws Exception {
        append(store, samples(A, NOW_MS - 3000, 1));
        try (StoreView early = store.view(null)) {
            append(store, samples(A, NOW_MS - 2000, 2), samples(B, NOW_MS - 2000, 2));
            try (StoreView middle = store.view(null)) {
                for (int i = 1; i < 1000; i++) {
                    append(store, samples(A, NOW_MS - 2000 + i, 3));
                }
                assertEquals(Map.of("a{}", List.of(NOW_MS - 3000 + "=1.0")), contents(early, List.of()));
                assertEquals(
                        2,
                        contents(middle, List.of())
                                .getOrDefault("a{}", List.of())
                                .size());
                assertEquals(
                        1,
                        contents(middle, List.of())
                                .getOrDefault("b{}", List.of())
                                .size());
            }
        }
        assertEquals(1001, samplesOf(store, "a{}").size());
    }

    @Test
    void everyViewShowsARequestWholeOrNotAtAll() throws Exception {
        AtomicBoolean isDone = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            try {
                for (int i = 0; i < 400; i++) {
                    append(store, samples(A, NOW_MS - 1000 + i, i), samples(B, NOW_MS - 1000 + i, i));
                }
            } catch (WriteRejectedException e) {
                throw new AssertionError(e);
            } finally {
                isDone.set(true);
            }
        });
        writer.start();
        int looks = 0;
        while (!isDone.get() || looks == 0) {
            try (StoreView view = store.view(null)) {
                Map<String, List<String>> a = contents(view, List.of(name("a")));
                Map<String, List<String>> b = contents(view, List.of(name("b")));
                assertEquals(a.get("a{}"), b.get("b{}"));
            }
            looks++;
        }
        writer.join();
    }

    @Test
    void findsSeriesByEveryKindOfMatcher() throws Exception {
        append(
                store,
                samples(Labels.of("__name__", "m", "x", "1"), NOW_MS, 1),
                samples(Labels.of("__name__", "m", "x", "2"), NOW_MS, 1),
                samples(Labels.of("__name__", "m"), NOW_MS, 1),
                samples(Labels.of("__name__", "n", "x", "1"), NOW_MS, 1));
        assertEquals(3, found(name("m")));
        assertEquals(1, found(name("m"), matcher("x", LabelMatcher.Type.EQUAL, "1")));
        assertEquals(1, found(name("m"), matcher("x", LabelMatcher.Type.EQUAL, "")));
        assertEquals(2, found(name("m"), matcher("x", LabelMatcher.Type.NOT_EQUAL, "1")));
        assertEquals(2, found(name("m"), matcher("x", LabelMatcher.Type.NOT_EQUAL, "")));
        assertEquals(2, found(name("m"), matcher("x", LabelMatcher.Type.REGEX, "[12]")));
        assertEquals(2, found(name("m"), matcher("x", LabelMatcher.Type.REGEX, "1|")));
        assertEquals(1, found(name("m"), matcher("x", LabelMatcher.Type.NOT_REGEX, ".+")));
        assertEquals(1, found(name("m"), matcher("x", LabelMatcher.Type.NOT_REGEX, "1|")));
        assertEquals(4, found(matcher("nothing", LabelMatcher.Type.EQUAL, "")));
        assertEquals(0, found(matcher("nothing", LabelMatcher.Type.EQUAL, "x")));
        assertEquals(2, found(matcher("x", LabelMatcher.Type.EQUAL, "1"), matcher("x", LabelMatcher.Type.REGEX, ".")));
    }

    @Test
    void keepsFloatsAndHistogramsOfOneSeriesInOrder() throws Exception {
        FloatHistogram histogram = FloatHistogram.builder()
                .count(3)
                .sum(4)
                .positive(BucketCounts.adjacent(1, 2, 1))
                .build();
        SampleList samples = new SampleList();
        samples.add(NOW_MS - 2, 1.5);
        samples.add(NOW_MS - 1, 0, histogram);
        samples.add(NOW_MS, 2.5);
        WriteBatch batch = WriteBatch.of(List.of(new SeriesSamples("default", A, samples)), List.of());
        append(store, batch);
        append(store, batch);
        List<String> expected = List.of(NOW_MS - 2 + "=1.5", NOW_MS - 1 + "=" + histogram, NOW_MS + "=2.5");
        assertEquals(expected, samplesOf(store, "a{}"));
        store.close();
        store = StoreFixture.open(directory);
        assertEquals(expected, samplesOf(store, "a{}"));
    }

    @Test
    void refusesASecondStoreOnTheSameDirectory() {
        IOException e = assertThrows(IOException.class, () -> StoreFixture.open(directory));
        assertTrue(
                String.valueOf(e.getMessage())
                        .contains("is in use by process "
                                + ProcessHandle.current().pid()),
                e.toString());
    }

    private int found(LabelMatcher... matchers) {
        try (StoreView view = store.view(null)) {
            return view.select(List.of(matchers), NOW_MS, NOW_MS).size();
        }
    }

    private static LabelMatcher name(String name) {
        return matcher("__name__", LabelMatcher.Type.EQUAL, name);
    }

    private static LabelMatcher matcher(String label, LabelMatcher.Type type, String value) {
        return new LabelMatcher(type, label, value);
    }

    private void assertRefused(Reason reason, SeriesSamples... series) {
        WriteRejectedException e = assertThrows(WriteRejectedException.class, () -> append(store, series));
        assertEquals(reason, e.reason());
    }
}

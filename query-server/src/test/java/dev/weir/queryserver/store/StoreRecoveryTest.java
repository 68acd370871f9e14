package dev.weir.queryserver.store;

import static dev.weir.queryserver.store.StoreFixture.NOW_MS;
import static dev.weir.queryserver.store.StoreFixture.append;
import static dev.weir.queryserver.store.StoreFixture.contents;
import static dev.weir.queryserver.store.StoreFixture.samples;
import static dev.weir.queryserver.store.StoreFixture.samplesOf;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.log.SegmentFiles;
import dev.weir.queryserver.log.SegmentedLog;
import dev.weir.queryserver.store.WriteRejectedException.Reason;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;

class StoreRecoveryTest {
    private static final int REQUESTS = 40;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void aLogCutAnywhereGivesAPrefixOfTheAcknowledgedRequests(long seed) throws Exception {
        Random random = new Random(seed);
        List<Map<String, List<String>>> states = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        Path original = directory.resolve("original");
        Path log;
        try (Store store = StoreFixture.open(original)) {
            states.add(Map.of());
            sizes.add(0L);
            for (int i = 0; i < REQUESTS; i++) {
                append(store, randomBatch(random, i));
                log = onlySegment(original);
                sizes.add(Files.size(log));
                states.add(contents(store, null));
            }
        }
        byte[] whole = Files.readAllBytes(onlySegment(original));
        for (int trial = 0; trial < 40; trial++) {
            int cut = random.nextInt(whole.length + 1);
            Path copy = directory.resolve("cut-" + trial);
            Files.createDirectories(copy.resolve("log"));
            Files.write(copy.resolve("log").resolve("000000000001.log"), Arrays.copyOf(whole, cut));
            int acknowledged = 0;
            while (acknowledged + 1 < sizes.size() && sizes.get(acknowledged + 1) <= cut) {
                acknowledged++;
            }
            try (Store store = StoreFixture.open(copy)) {
                assertEquals(states.get(acknowledged), contents(store, null), "cut at byte " + cut);
                append(store, samples(Labels.of("__name__", "later"), NOW_MS, 1));
            }
            try (Store store = StoreFixture.open(copy)) {
                Map<String, List<String>> expected = new TreeMap<>(states.get(acknowledged));
                expected.put("later{}", List.of(NOW_MS + "=1.0"));
                assertEquals(expected, contents(store, null), "cut at byte " + cut + ", opened twice");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void aFlippedBitCostsAtMostTheRecordItIsIn(long seed) throws Exception {
        Random random = new Random(seed);
        Path original = directory.resolve("original");
        List<Long> ends = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        try (Store store = StoreFixture.open(original)) {
            for (int i = 0; i < REQUESTS; i++) {
                // Each request has a series of its own, so that no record needs another's definitions.
                Labels one = Labels.of("__name__", "m", "i", Integer.toString(i));
                append(store, samples(one, NOW_MS, i));
                labels.add(one.toString());
                ends.add(Files.size(onlySegment(original)));
            }
        }
        byte[] whole = Files.readAllBytes(onlySegment(original));
        for (int trial = 0; trial < 40; trial++) {
            int at = random.nextInt(whole.length);
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            Path copy = directory.resolve("flip-" + trial);
            Files.createDirectories(copy.resolve("log"));
            Files.write(copy.resolve("log").resolve("000000000001.log"), flipped);
            List<String> expected = new ArrayList<>(labels);
            for (int i = 0; i < REQUESTS; i++) {
                long start = i == 0 ? 8 : ends.get(i - 1);
                if (at >= start && at < ends.get(i)) {
                    expected.remove(labels.get(i));
                }
            }
            try (Store store = StoreFixture.open(copy)) {
                assertEquals(
                        expected.stream().sorted().toList(),
                        List.copyOf(contents(store, null).keySet()),
                        "bit flipped in byte " + at);
            }
        }
    }

    @Test
    void findsEverythingAgainAfterASuddenEndAndSegmentsGoneBy() throws Exception {
        StoreOptions options = StoreFixture.options(directory.resolve("a")).withSegmentBytes(2000);
        Map<String, List<String>> before;
        Path copy;
        try (Store store = Store.open(options, StoreFixture.CLOCK)) {
            for (int i = 0; i < 300; i++) {
                append(
                        store,
                        samples(Labels.of("__name__", "m", "i", Integer.toString(i % 7)), NOW_MS - 10_000 + i, i));
            }
            append(
                    store,
                    WriteBatch.of(List.of(), List.of(new MetricMetadata("", "m", "counter", "Helps.", "seconds"))));
            before = contents(store, null);
            copy = StoreFixture.copy(directory.resolve("a"), directory.resolve("b"));
        }
        try (Stream<Path> segments = Files.list(copy.resolve("log"))) {
            assertTrue(segments.count() > 3);
        }
        try (Store store = StoreFixture.open(copy);
                StoreView view = store.view("any")) {
            assertEquals(before, contents(store, null));
            assertEquals("Helps.", view.metadata().get(0).help());
        }
    }

    @Test
    void aLogOfAnotherVersionIsRefusedByNameAndLeftAsItIs() throws Exception {
        try (SegmentedLog log = SegmentedLog.open(directory.resolve("log"), SegmentFiles.ON_DISK, 0)) {
            log.startSegment();
            log.append(Snappy.compress(new byte[] {1, 0, 0, 0}));
            log.flush();
        }
        byte[] before = Files.readAllBytes(onlySegment(directory));
        for (int i = 0; i < 2; i++) {
            IOException e = assertThrows(IOException.class, () -> StoreFixture.open(directory));
            assertEquals(
                    "log segment 1: log record of version 1 (expected: 2): another version of Weir wrote it",
                    e.getMessage());
            assertArrayEquals(before, Files.readAllBytes(onlySegment(directory)));
        }
    }

    @Test
    void forgetsSeriesOlderThanTheRetention() throws Exception {
        long old = NOW_MS - StoreFixture.RETENTION.toMillis() + 1000;
        try (Store store = StoreFixture.open(directory)) {
            append(store, samples(Labels.of("__name__", "old"), old, 1));
            store.compact();
            append(store, samples(Labels.of("__name__", "new"), NOW_MS, 1));
            store.compact();
            assertEquals(Set.of("new{}", "old{}"), contents(store, null).keySet());
        }
        Instant later = StoreFixture.NOW.plusSeconds(60);
        try (Store store = Store.open(StoreFixture.options(directory), InstantSource.fixed(later))) {
            append(store, samples(Labels.of("__name__", "new"), NOW_MS + 1, 1));
            store.compact();
            append(store, samples(Labels.of("__name__", "new"), NOW_MS + 2, 1));
            assertEquals(Set.of("new{}"), contents(store, null).keySet());
            assertEquals(3, samplesOf(store, "new{}").size());
        }
    }

    @Test
    void movesSamplesToDiskWhenMemoryRunsShortAndKeepsAll() throws Exception {
        StoreOptions options = StoreFixture.options(directory).withMaxChunkBytes(200_000);
        Random random = new Random(5);
        try (Store store = Store.open(options, StoreFixture.CLOCK)) {
            for (int i = 0; i < 500; i++) {
                SampleList samples = new SampleList();
                for (int k = 0; k < 200; k++) {
                    samples.add(NOW_MS - 1_000_000 + i * 200L + k, random.nextDouble());
                }
                WriteBatch batch = WriteBatch.of(
                        List.of(new SeriesSamples("default", Labels.of("__name__", "m"), samples)), List.of());
                appendAsSoonAsThereIsRoom(store, batch);
            }
            assertTrue(store.stats().flushes() > 0);
            assertTrue(store.stats().chunkBytes() < 250_000);
            assertEquals(100_000, samplesOf(store, "m{}").size());
        }
    }

    @Test
    void refusesForNowWhenTheDiskIsFullAndGoesOnWhenItIsNot() throws Exception {
        AtomicBoolean isFull = new AtomicBoolean();
        SegmentFiles files = path -> new FullableFile(SegmentFiles.ON_DISK.create(path), isFull);
        Labels a = Labels.of("__name__", "a");
        Map<String, List<String>> before;
        try (Store store = Store.open(StoreFixture.options(directory), StoreFixture.CLOCK, files)) {
            append(store, samples(a, NOW_MS, 1));
            isFull.set(true);
            for (int i = 0; i < 3; i++) {
                WriteRejectedException e = assertThrows(
                        WriteRejectedException.class,
                        () -> append(store, samples(a, NOW_MS + 1, 2), samples(Labels.of("__name__", "b"), NOW_MS, 1)));
                assertEquals(Reason.UNAVAILABLE, e.reason());
                assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e.toString());
            }
            assertEquals(Map.of("a{}", List.of(NOW_MS + "=1.0")), contents(store, null));
            isFull.set(false);
            append(store, samples(a, NOW_MS + 1, 3));
            before = contents(store, null);
            assertEquals(List.of(NOW_MS + "=1.0", NOW_MS + 1 + "=3.0"), before.get("a{}"));
        }
        try (Store store = StoreFixture.open(directory)) {
            assertEquals(before, contents(store, null));
        }
    }

    @Test
    void learnsTheFrontiersAgainFromTheLog() throws Exception {
        Labels first = Labels.of("__name__", "weir_frontier_timestamp_seconds", "project_id", "p", "partition", "0");
        Labels second = first.toBuilder().set("partition", "1").build();
        try (Store store = StoreFixture.open(directory)) {
            append(
                    store,
                    samples("p", first, NOW_MS - 5000, (NOW_MS - 5000) / 1e3, NOW_MS, NOW_MS / 1e3),
                    samples("p", second, NOW_MS - 5000, (NOW_MS - 5000) / 1e3));
            assertEquals(Map.of("p", NOW_MS - 5000), store.frontiers().millisByProject());
        }
        try (Store store = StoreFixture.open(directory)) {
            assertEquals(Map.of("p", NOW_MS - 5000), store.frontiers().millisByProject());
            append(store, samples("p", second, NOW_MS, StaleMarker.VALUE));
            assertEquals(Map.of("p", NOW_MS), store.frontiers().millisByProject());
        }
    }

    private static void appendAsSoonAsThereIsRoom(Store store, WriteBatch batch) throws WriteRejectedException {
        while (true) {
            try {
                append(store, batch);
                return;
            } catch (WriteRejectedException e) {
                if (e.reason() != Reason.UNAVAILABLE) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    private static WriteBatch randomBatch(Random random, int request) {
        List<SeriesSamples> series = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(5); i++) {
            Labels labels = Labels.of("__name__", "m", "i", Integer.toString(random.nextInt(10)), "k", "v" + i);
            series.add(samples(labels, NOW_MS - 100_000 + request * 10L, random.nextInt(10)));
        }
        return WriteBatch.of(series, List.of());
    }

    /** The only segment that holds records. */
    private static Path onlySegment(Path store) throws IOException {
        try (Stream<Path> paths = Files.list(store.resolve("log"))) {
            return paths.sorted().findFirst().orElseThrow();
        }
    }

    /** Writes half of what it is given, then fails, while the disk is full. */
    private record FullableFile(SegmentFiles.SegmentFile file, AtomicBoolean isFull)
            implements SegmentFiles.SegmentFile {
        @Override
        public void append(ByteBuffer... bytes) throws IOException {
            if (isFull.get()) {
                ByteBuffer half = bytes[0].duplicate();
                half.limit(half.position() + half.remaining() / 2);
                file.append(half);
                throw new IOException("No space left on device");
            }
            file.append(bytes);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            file.truncate(sizeBytes);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

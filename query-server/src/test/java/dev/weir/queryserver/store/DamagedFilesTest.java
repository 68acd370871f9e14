package dev.weir.queryserver.store;

import static dev.weir.queryserver.store.StoreFixture.append;
import static dev.weir.queryserver.store.StoreFixture.contents;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damage to any file is found and named and costs at most the request whose log record it is in; in blocks, nothing. With
 * {@code -Dweir.damage.flips=10000} all of it, as it was accepted; a sample otherwise.
 */
class DamagedFilesTest {
    private static final int FLIPS = Integer.getInteger("weir.damage.flips", 25);
    private static final int EVERY = FLIPS >= 10_000 ? 1 : 397;
    private static final int SERIES = 40;
    private static final int REQUESTS = 90;
    private static final int REQUESTS_IN_LOG = 30;

    /** Length of a log segment's own header. */
    private static final int LOG_HEADER_BYTES = 8;

    @TempDir
    Path directory;

    private final List<WriteBatch> requests = new ArrayList<>();

    /** Where in the log each request's record ends, of those that are in no block. */
    private final List<Long> ends = new ArrayList<>();

    private Path original = Path.of("");

    @BeforeEach
    void write() throws Exception {
        original = directory.resolve("original");
        Path alive = directory.resolve("alive");
        StoreModel model = new StoreModel(5, SERIES);
        try (Store store = StoreFixture.open(alive)) {
            for (int i = 0; i < REQUESTS; i++) {
                WriteBatch batch = model.next();
                append(store, batch);
                requests.add(batch);
                if (i == REQUESTS - REQUESTS_IN_LOG - 1) {
                    store.compact();
                } else if (i >= REQUESTS - REQUESTS_IN_LOG) {
                    ends.add(Files.size(lastSegment(alive)));
                }
            }
            StoreFixture.copy(alive, original);
        }
    }

    @Test
    void aFlippedBitAnywhereIsFoundAndCostsAtMostTheRequestItIsIn() throws Exception {
        Random random = new Random(51);
        List<Path> files = files(original);
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        for (int trial = 0; trial < FLIPS; trial++) {
            long at = (long) (random.nextDouble() * total);
            for (Path file : files) {
                if (at < Files.size(file)) {
                    flip(file, (int) at, 1 << random.nextInt(8));
                    break;
                }
                at -= Files.size(file);
            }
        }
    }

    @Test
    void everyBitOfTheLastRecordIsGuarded() throws Exception {
        Path log = lastSegment(original);
        int start = (int) (long) ends.get(ends.size() - 2);
        for (int bit = 8 * start; bit < 8 * Files.size(log); bit += EVERY) {
            flip(log, bit / 8, 1 << bit % 8);
        }
    }

    @Test
    void everyTruncationOfTheLastRecordCostsThatAlone() throws Exception {
        Path log = lastSegment(original);
        byte[] whole = Files.readAllBytes(log);
        int start = (int) (long) ends.get(ends.size() - 2);
        for (int size = start + 1; size < whole.length; size += EVERY) {
            Files.write(log, Arrays.copyOf(whole, size));
            assertShows(requests.size() - 1, "cut at byte " + size);
        }
        Files.write(log, whole);
    }

    private void flip(Path file, int at, int bit) throws Exception {
        byte[] whole = Files.readAllBytes(file);
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) bit;
        Files.write(file, flipped);
        int lost = -1;
        if (file.equals(lastSegment(original)) && at >= LOG_HEADER_BYTES) {
            // The segment begins with what metadata there is, of which there is none.
            int record = 0;
            while (ends.get(record) <= at) {
                record++;
            }
            lost = REQUESTS - REQUESTS_IN_LOG + record;
        }
        assertShows(lost, "bit " + bit + " of byte " + at + " of " + file.getFileName());
        Files.write(file, whole);
    }

    /** Opens a copy, and holds it against the list of requests less one. */
    private void assertShows(int lost, String what) throws Exception {
        Path copy = directory.resolve("copy");
        StoreFixture.copy(original, copy);
        StoreModel expected = new StoreModel(0, SERIES);
        for (int i = 0; i < requests.size(); i++) {
            if (i != lost) {
                expected.acknowledge(requests.get(i));
            }
        }
        try (Store store = StoreFixture.open(copy)) {
            assertTrue(store.verify(), what);
            assertEquals(expected.contents("p"), contents(store, "p"), what);
            assertEquals(expected.contents("q"), contents(store, "q"), what);
            assertTrue(store.stats().damages() > 0, what);
        }
        try (Store store = StoreFixture.open(copy)) {
            assertEquals(expected.contents("p"), contents(store, "p"), what + ", opened again");
        }
        delete(copy);
    }

    private static List<Path> files(Path store) throws IOException {
        try (Stream<Path> paths = Files.walk(store)) {
            return paths.filter(Files::isRegularFile)
                    .filter(path -> !path.getFileName().toString().equals("lock"))
                    .sorted()
                    .toList();
        }
    }

    private static Path lastSegment(Path store) throws IOException {
        try (Stream<Path> paths = Files.list(store.resolve("log"))) {
            return paths.sorted().reduce((a, b) -> b).orElseThrow();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}

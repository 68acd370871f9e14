package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random records go to a receiver that refuses in every way at once: bad series, old samples, large requests, native
 * histograms, lost answers, full queues. Of the samples read, each is counted in exactly one place, and the receiver's own
 * count agrees.
 */
class IdentityPropertyTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void samplesReadAreDeliveredOrCountedElsewhere(int seed) throws Exception {
        Random random = new Random(seed);
        boolean partial = seed % 2 == 0;
        FakeReceiver receiver = new FakeReceiver(partial, BisectionTest::isBad);
        receiver.earliestMs = seed % 3 == 0 ? 9 : Long.MIN_VALUE;
        receiver.takesNativeHistograms = seed % 4 != 0;
        receiver.maxSeries = seed % 5 == 0 ? 7 : Integer.MAX_VALUE;
        Delivery delivery = new Delivery(moody(receiver, random), Instant.ofEpochSecond(seed % 3 == 0 ? 1000 : 0));
        WeirConfig config = WeirConfig.parse("""
                remote_write:
                - url: http://127.0.0.1/
                  queue_config: {max_samples_per_send: 11}
                  write_relabel_configs: [{source_labels: [__name__], regex: m3, action: drop}]
                """, "weir.yml");
        OutboundRecords outbound = new OutboundRecords(
                DeliveryOptions.toReceiver(config, config.remoteWrite().get(0)), () -> delivery.now, delivery.metrics);

        List<SeriesRecord> records = records(random);
        int total = 0;
        List<SeriesRecord> batch = new ArrayList<>();
        for (SeriesRecord record : records) {
            total += RequestShape.of(record.value()).samples();
            batch.addAll(outbound.of(record));
            if (random.nextInt(3) == 0) {
                delivery.bisection.deliver(batch);
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            delivery.bisection.deliver(batch);
        }
        assertEquals(total, delivery.metrics.read, "seed " + seed);
        assertEquals(total, delivery.metrics.accountedFor(), "seed " + seed);
        int kept = receiver.kept.values().stream().mapToInt(TreeMap::size).sum();
        int taken = delivery.metrics.delivered + delivery.metrics.alreadyDelivered;
        if (partial) {
            // The known weakness of Bisection: a bad sample may pass for one that was there already.
            assertTrue(taken >= kept && taken <= kept + badSamples(records), "seed " + seed);
        } else {
            assertEquals(kept, taken, "seed " + seed);
        }
        int letters = 0;
        for (var letter : delivery.deadLetters) {
            letters += RequestShape.samplesOf(WriteRequest.parseFrom(letter.getValue()));
            assertTrue(String.valueOf(letter.getReason()).contains("HTTP "), letter.getReason());
        }
        assertEquals(letters, delivery.metrics.deadLettered, "seed " + seed);
        assertEquals(
                receiver.takesNativeHistograms,
                !delivery.metrics.withheld.containsKey(Withheld.NATIVE_HISTOGRAM_REFUSED),
                "seed " + seed);
    }

    /** The receiver on a bad day: full, failing, or answering into the void. */
    private static Transport moody(FakeReceiver receiver, Random random) {
        return block -> {
            int mood = random.nextInt(12);
            if (mood == 0) {
                return new Answer(503, "", "1");
            }
            if (mood == 1) {
                return new Answer(429, "", null);
            }
            if (mood == 2) {
                return new Answer(401, "token expired", null);
            }
            Answer answer = receiver.take(block);
            if (mood == 3) {
                throw new IOException("answer lost");
            }
            return answer;
        };
    }

    private static int badSamples(List<SeriesRecord> records) throws IOException {
        int bad = 0;
        for (SeriesRecord record : records) {
            for (TimeSeries series : WriteRequest.parseFrom(record.value()).getTimeseriesList()) {
                bad += BisectionTest.isBad(series) ? series.getSamplesCount() : 0;
            }
        }
        return bad;
    }

    private static List<SeriesRecord> records(Random random) {
        List<SeriesRecord> log = new ArrayList<>();
        for (int second = 1; second <= 25; second++) {
            List<TimeSeries> series = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                String bad = random.nextInt(20) == 0 ? "yes" : "no";
                series.add(Requests.series(second, 1 + random.nextInt(9), "m" + i, "bad", bad));
            }
            if (random.nextBoolean()) {
                series.addAll(Requests.histogram(second, "h"));
            }
            if (random.nextBoolean() || second == 25) {
                series.add(Requests.nativeHistogram(second, "n"));
            }
            log.add(Requests.record(second, Requests.request(series)));
        }
        return log;
    }
}

package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.DeadLetter;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BisectionTest {
    private static final Instant LONG_AGO = Instant.EPOCH;
    private static final Instant LATER = Instant.ofEpochSecond(1_000_000);

    @Test
    void postsABatchAsOneRequestInOrder() throws Exception {
        FakeReceiver receiver = new FakeReceiver(false, series -> false);
        Delivery delivery = new Delivery(receiver, LONG_AGO);
        delivery.bisection.deliver(List.of(single(1, "a"), single(2, "b"), single(3, "a")));
        assertEquals(1, receiver.requests.size());
        assertEquals(
                List.of(1L, 2L, 3L),
                receiver.requests.get(0).getTimeseriesList().stream()
                        .map(series -> series.getSamples(0).getTimestamp())
                        .toList());
        assertEquals(3, delivery.metrics.delivered);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsTheOneBadSeriesAndDeliversAllOthers(boolean partial) throws Exception {
        FakeReceiver receiver = new FakeReceiver(partial, BisectionTest::isBad);
        Delivery delivery = new Delivery(receiver, LONG_AGO);
        List<SeriesRecord> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            List<TimeSeries> series = new ArrayList<>();
            for (int j = 0; j < 12; j++) {
                series.add(Requests.series(
                        100, 1, "m", "record", "" + i, "series", "" + j, "bad", i == 23 && j == 7 ? "yes" : "no"));
            }
            records.add(Requests.record(i, Requests.request(series)));
        }
        delivery.bisection.deliver(records);

        assertEquals(40 * 12 - 1, receiver.kept.size());
        assertEquals(1, delivery.deadLetters.size());
        DeadLetter letter = delivery.deadLetters.get(0);
        assertEquals(23, letter.getOffset());
        assertEquals("weir.series", letter.getTopic());
        assertEquals(
                "receiver test: HTTP 400: invalid series for {__name__=\"m\", record=\"23\", series=\"7\", bad=\"yes\"}",
                letter.getReason());
        assertTrue(isBad(WriteRequest.parseFrom(letter.getValue()).getTimeseries(0)));
        assertEquals(1, delivery.metrics.deadLettered);
        assertTrue(delivery.metrics.requests <= 1 + 2 * (6 + 4), delivery.metrics.requests + " requests");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neverSplitsAHistogram(boolean partial) throws Exception {
        FakeReceiver receiver = new FakeReceiver(
                partial,
                series -> series.getLabelsList().contains(Requests.label("le", "2"))
                        && series.getLabelsList().contains(Requests.label("model", "m3")));
        Delivery delivery = new Delivery(receiver, LONG_AGO);
        List<TimeSeries> all = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            all.addAll(Requests.histogram(5, "h", "model", "m" + i));
        }
        delivery.bisection.deliver(List.of(Requests.record(1, Requests.request(all))));
        for (WriteRequest request : receiver.requests) {
            for (int i = 0; i < 9; i++) {
                Label model = Requests.label("model", "m" + i);
                long series = request.getTimeseriesList().stream()
                        .filter(one -> one.getLabelsList().contains(model))
                        .count();
                assertTrue(series == 0 || series == 5, series + " series of one histogram in a request");
            }
        }
        assertEquals(1, delivery.deadLetters.size());
        assertEquals(
                5,
                WriteRequest.parseFrom(delivery.deadLetters.get(0).getValue()).getTimeseriesCount());
        assertEquals(5, delivery.metrics.deadLettered);
    }

    @Test
    void takesADuplicateForDeliveredWhereItMayBeAReSend() throws Exception {
        FakeReceiver receiver = new FakeReceiver(false, series -> false);
        List<SeriesRecord> first = List.of(single(1, "a"), single(2, "a"), single(3, "a"));
        new Delivery(receiver, LONG_AGO).bisection.deliver(first);

        Delivery restarted = new Delivery(receiver, Instant.ofEpochSecond(4));
        List<SeriesRecord> again = new ArrayList<>(first);
        again.add(single(4, "a"));
        again.add(single(5, "a"));
        restarted.bisection.deliver(again);

        assertEquals(List.of(), restarted.deadLetters);
        assertEquals(5, receiver.kept.values().iterator().next().size());
        assertEquals(2, restarted.metrics.alreadyDelivered);
    }

    @Test
    void takesADuplicateForDeliveredAfterATryWithoutAnAnswer() throws Exception {
        FakeReceiver receiver = new FakeReceiver(false, series -> false);
        SeriesRecord record = twoPoints("a");
        receiver.script.add(() -> {
            receiver.take(org.xerial.snappy.Snappy.compress(record.value()));
            throw new IOException("connection reset after the request");
        });
        Delivery delivery = new Delivery(receiver, LONG_AGO);
        delivery.bisection.deliver(List.of(record));
        assertEquals(List.of(), delivery.deadLetters);
        assertEquals(2, delivery.metrics.alreadyDelivered);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "false|out of bounds: timestamp 1000 of {} is too old (expected: within the retention of PT720H before 9)",
                "false|out of bounds",
                "false|too old sample",
                "true|user=1: too far in the past (err-mimir-sample-timestamp-too-old)",
                "true|cannot insert row with too small timestamp 1000 outside the retention"
            })
    void passesOverWhatAStoreNoLongerTakesInWhenItIsBackFilled(boolean partial, String text) throws Exception {
        FakeReceiver receiver = new FakeReceiver(partial, series -> false);
        receiver.earliestMs = 13;
        receiver.tooOldText = text;
        List<SeriesRecord> records = new ArrayList<>();
        for (int second = 1; second <= 20; second++) {
            List<TimeSeries> series = new ArrayList<>(Requests.histogram(second, "h"));
            series.add(Requests.series(second, 1, "c"));
            records.add(Requests.record(second, Requests.request(series)));
        }
        Delivery delivery = new Delivery(receiver, LATER);
        delivery.bisection.deliver(records);

        assertEquals(6, receiver.kept.size());
        receiver.kept.values().forEach(samples -> {
            assertEquals(13, samples.firstKey());
            assertEquals(8, samples.size());
        });
        assertEquals(12 * 6, delivery.metrics.tooOld);
        assertEquals(8 * 6, delivery.metrics.delivered + delivery.metrics.alreadyDelivered);
        assertEquals(List.of(), delivery.deadLetters);
        assertEquals(0, delivery.metrics.retries);
    }

    @Test
    void deadLettersWhatIsTooOldThoughNobodySentItBefore() throws Exception {
        FakeReceiver receiver = new FakeReceiver(false, series -> false);
        receiver.earliestMs = 5;
        Delivery delivery = new Delivery(receiver, LONG_AGO);
        delivery.bisection.deliver(List.of(single(4, "a"), single(5, "a")));
        assertEquals(1, delivery.deadLetters.size());
        assertEquals(4, delivery.deadLetters.get(0).getOffset());
        assertEquals(0, delivery.metrics.tooOld);
        assertEquals(1, delivery.metrics.delivered);
    }

    @Test
    void deadLettersADuplicateThatNobodySentBefore() throws Exception {
        FakeReceiver receiver = new FakeReceiver(false, series -> false);
        new Delivery(receiver, LONG_AGO).bisection.deliver(List.of(single(9, "a")));
        Delivery delivery = new Delivery(receiver, LONG_AGO);
        delivery.bisection.deliver(List.of(single(5, "a"), single(10, "b")));
        assertEquals(1, delivery.deadLetters.size());
        assertEquals(1, delivery.metrics.delivered);
    }

    @Test
    void deadLettersARecordThatIsNoWriteRequestWhole() throws Exception {
        Delivery delivery = new Delivery(new FakeReceiver(false, series -> false), LONG_AGO);
        byte[] garbage = {1, 2, 3};
        SeriesRecord record = Requests.record(7, garbage);
        InvalidProtocolBufferException reason =
                assertThrows(InvalidProtocolBufferException.class, () -> RequestShape.of(garbage));
        delivery.bisection.refuse(record, reason);
        byte[] stored = new byte[3];
        delivery.deadLetters.get(0).getValue().get(stored);
        assertArrayEquals(garbage, stored);
    }

    @Test
    void deadLettersARefusedRecordWithoutSeries() throws Exception {
        FakeReceiver receiver = new FakeReceiver(false, series -> false);
        receiver.script.add(() -> new Answer(400, "empty", null));
        Delivery delivery = new Delivery(receiver, LATER);
        delivery.bisection.deliver(List.of(Requests.record(1, new byte[0])));
        assertEquals(1, delivery.deadLetters.size());
    }

    @Test
    void splitsWhatIsTooLargeAndDeadLettersOnlyWhatCannotBeSplit() throws Exception {
        FakeReceiver receiver = new FakeReceiver(false, series -> false);
        receiver.maxSeries = 4;
        Delivery delivery = new Delivery(receiver, LONG_AGO);
        List<TimeSeries> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(Requests.series(1, 1, "m" + i));
        }
        all.addAll(Requests.histogram(1, "h"));
        delivery.bisection.deliver(List.of(Requests.record(1, Requests.request(all)), single(2, "a")));
        assertEquals(11, delivery.metrics.delivered);
        assertEquals(5, delivery.metrics.deadLettered);
        DeadLetter letter = delivery.deadLetters.get(0);
        assertEquals(
                "receiver test: HTTP 413: request entity too large for {__name__=\"h_bucket\", le=\"1\"} and 4 more series"
                        + " of the same histogram",
                letter.getReason());
        assertEquals(1, letter.getOffset());
    }

    @Test
    void holdsNativeHistogramsBackFromAReceiverThatTakesNoneAndAsksAgainLater() throws Exception {
        FakeReceiver receiver = new FakeReceiver(false, series -> false);
        receiver.takesNativeHistograms = false;
        Delivery delivery = new Delivery(receiver, LONG_AGO);
        for (int second = 1; second <= 3; second++) {
            delivery.bisection.deliver(List.of(mixed(second), Requests.record(second, onlyNative(second))));
        }
        assertEquals(3, delivery.metrics.delivered);
        assertEquals(java.util.Map.of(Withheld.NATIVE_HISTOGRAM_REFUSED, 6), delivery.metrics.withheld);
        assertEquals(1 + 3, receiver.requests.size());
        assertEquals(List.of(), delivery.deadLetters);

        receiver.takesNativeHistograms = true;
        delivery.now = delivery.now.plus(Bisection.NATIVE_HISTOGRAMS_AGAIN);
        delivery.bisection.deliver(List.of(mixed(4)));
        assertEquals(5, delivery.metrics.delivered);
    }

    private static SeriesRecord mixed(long second) {
        return Requests.record(
                second,
                Requests.request(List.of(
                        Requests.series(second, 1, "c"), Requests.nativeHistogram(second, "h", "of", "mixed"))));
    }

    private static WriteRequest onlyNative(long second) {
        return Requests.request(List.of(Requests.nativeHistogram(second, "h")));
    }

    static boolean isBad(TimeSeries series) {
        return series.getLabelsList().contains(Requests.label("bad", "yes"));
    }

    private static SeriesRecord single(long second, String name) {
        return Requests.record(second, Requests.request(List.of(Requests.series(second, 1, name))));
    }

    /** A record whose re-send Prometheus refuses: its first point is older than its newest. */
    private static SeriesRecord twoPoints(String name) {
        TimeSeries series = Requests.series(1, 0, name).toBuilder()
                .addSamples(Requests.series(2, 1, name).getSamples(0))
                .build();
        return Requests.record(2, Requests.request(List.of(series)));
    }
}

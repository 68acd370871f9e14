package dev.weir.aggregation.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.aggregation.state.EntryChanges;
import dev.weir.aggregation.state.Packer;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RequestGroupsTest {
    private static final long WINDOW_MS = 5_000;
    private static final long EXPIRY_MS = 3_600_000;
    private static final String GROUP =
            "{model_name=\"m\", project_id=\"p\", source=\"requests\", vantage=\"gateway\"}";

    private static final int LANE = 3;

    private final RequestGroups groups = new RequestGroups(LANE);
    private final Receiver receiver = new Receiver();

    @Test
    void countsFromZeroInEveryWindow() {
        take(Requests.report(Requests.plain("a").setInputTokens(100L), 3_000), 5_000);
        take(Requests.report(Requests.plain("b").setStatus(RequestStatus.ERROR), 4_000), 5_000);
        close(5_000);
        close(10_000);
        take(Requests.report(Requests.plain("c").setInputTokens(50L).setOutputTokens(7L), 12_000), 15_000);
        close(15_000);
        assertEquals("0=0 5=2 10=2 15=3", receiver.points("inference_requests_total" + GROUP));
        assertEquals("0=0 5=1 10=1 15=1", receiver.points("inference_request_errors_total" + GROUP));
        assertEquals("0=0 5=100 10=100 15=150", receiver.points("inference_input_tokens_total" + GROUP));
        assertEquals("10=0 15=7", receiver.points("inference_output_tokens_total" + GROUP));
        assertEquals("", receiver.points("inference_cached_input_tokens_total" + GROUP), "nobody told it");
    }

    @Test
    void latenciesLeaveAsCumulativeHistogramsAndAsQuantilesOfTheWindow() {
        take(Requests.report(Requests.plain("a").setEndMs(11_000), 3_000), 5_000);
        close(5_000);
        close(10_000);
        take(Requests.report(Requests.plain("b").setEndMs(18_000), 12_000), 15_000);
        close(15_000);
        assertEquals(
                "0=0/0.0 5=1/1.0 10=1/1.0 15=2/9.0", receiver.points("inference_request_duration_seconds" + GROUP));
        String p99 = GROUP.replace("project_id=\"p\"", "project_id=\"p\", quantile=\"0.99\"");
        TreeMap<Long, String> values =
                Objects.requireNonNull(receiver.series.get("inference_request_duration_seconds_quantile" + p99));
        assertEquals(Set.of(5_000L, 10_000L, 15_000L), values.keySet());
        assertEquals(1, Double.parseDouble(Objects.requireNonNull(values.get(5_000L))), 0.011);
        assertEquals("stale", values.get(10_000L));
        assertEquals(8, Double.parseDouble(Objects.requireNonNull(values.get(15_000L))), 8 * 0.011);
        assertEquals("5=1 10=stale 15=8", receiver.points("inference_request_duration_seconds_quantile_upper" + p99));
        assertFalse(receiver.series.containsKey("inference_time_to_first_token_seconds" + GROUP));
    }

    @Test
    void bridgesAGapWithTheFormerValue() {
        take(Requests.report(Requests.plain("a"), 3_000), 5_000);
        close(5_000);
        close(10_000);
        assertTrue(groups.isQuiet());
        take(Requests.report(Requests.plain("b"), 601_000), 605_000);
        close(605_000);
        assertEquals("0=0 5=1 10=1 600=1 605=2", receiver.points("inference_requests_total" + GROUP));
        assertEquals(
                "0=0/0.0 5=1/2.0 10=1/2.0 600=1/2.0 605=2/4.0",
                receiver.points("inference_request_duration_seconds" + GROUP));
    }

    @Test
    void endsAnHourAfterItsLastRequestAndReturnsFromZero() {
        take(Requests.report(Requests.plain("a"), 3_000), 5_000);
        close(5_000);
        close(3_605_000);
        assertEquals(Set.of("p"), close(3_610_000), "ended, its labels not free yet");
        assertFalse(groups.isEmpty());
        take(Requests.report(Requests.plain("b"), 3_611_000), 3_615_000);
        close(3_615_000);
        close(3_620_000);
        assertEquals(
                "0=0 5=1 3600=1 3605=1 3610=stale 3615=1 3620=1", receiver.points("inference_requests_total" + GROUP));
        assertEquals(
                "0=0/0.0 5=1/2.0 3600=1/2.0 3605=1/2.0 3610=stale 3615=1/2.0 3620=1/2.0",
                receiver.points("inference_request_duration_seconds" + GROUP));
        close(9_000_000);
        assertEquals(Set.of(), close(9_005_000));
        assertTrue(groups.isEmpty());
    }

    @Test
    void keepsEarlyRequestsForTheirWindows() throws IOException {
        take(Requests.report(Requests.plain("b"), 14_000), 15_000);
        take(Requests.report(Requests.plain("a"), 3_000), 5_000);
        close(5_000);
        assertTrue(groups.hasUnwritten());
        RequestGroups restored = stored();
        byte[] expected = record(groups);
        assertEquals(
                WriteRequest.parseFrom(expected).getTimeseriesList(),
                WriteRequest.parseFrom(record(restored)).getTimeseriesList());
        assertFalse(groups.hasUnwritten());
    }

    private static byte[] record(RequestGroups some) {
        WriteRequestEncoder all = new WriteRequestEncoder();
        for (long end : new long[] {10_000, 15_000}) {
            some.closeWindow(end, WINDOW_MS, EXPIRY_MS, new TreeSet<>(), new RequestGroups.Output() {
                @Override
                public WriteRequestEncoder encoder() {
                    return all;
                }

                @Override
                public void cut(byte[] key) {}
            });
        }
        return all.drain();
    }

    @Test
    void sumsUpUnderTheLanesOwnOtherWhatIsOneGroupTooMany() {
        for (int i = 0; i < RequestGroups.MAX_GROUPS; i++) {
            assertTrue(groups.take(Requests.report(Requests.plain("a" + i).setModel("m" + i), 3_000), 5_000));
        }
        assertFalse(groups.take(Requests.report(Requests.plain("x").setModel("new"), 3_000), 5_000));
        assertFalse(groups.take(Requests.report(Requests.plain("y").setModel("newer"), 3_000), 5_000));
        assertTrue(groups.take(Requests.report(Requests.plain("z").setModel("m7"), 3_000), 5_000));
        close(5_000);
        assertEquals(
                "0=0 5=2",
                receiver.points("inference_requests_total"
                        + "{model_name=\"other\", partition=\"3\", project_id=\"p\", source=\"requests\"}"));
        assertEquals(RequestGroups.MAX_GROUPS + 1, groups.size());
    }

    private void take(RequestReport report, long windowEndMs) {
        assertTrue(groups.take(report, windowEndMs));
    }

    private Set<String> close(long windowEndMs) {
        WriteRequestEncoder encoder = new WriteRequestEncoder();
        Set<String> projects = new TreeSet<>();
        groups.closeWindow(windowEndMs, WINDOW_MS, EXPIRY_MS, projects, new RequestGroups.Output() {
            @Override
            public WriteRequestEncoder encoder() {
                return encoder;
            }

            @Override
            public void cut(byte[] key) {
                receiver.take(encoder.drain());
            }
        });
        return projects;
    }

    /** What a restart finds. */
    private RequestGroups stored() throws IOException {
        EntryChanges changes = new EntryChanges();
        groups.addChanges(changes, Labels::toString);
        RequestGroups read = new RequestGroups(LANE);
        for (byte[] entry : changes.stored().values()) {
            read.read(Packer.unpack(entry));
        }
        return read;
    }

    /** A strict receiver: no time twice, none out of order. Histograms as count/sum. */
    private static final class Receiver {
        final TreeMap<String, TreeMap<Long, String>> series = new TreeMap<>();

        void take(byte[] request) {
            try {
                WriteRequest.parseFrom(request).getTimeseriesList().forEach(this::take);
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError("no write request", e);
            }
        }

        private void take(TimeSeries one) {
            Labels.Builder labels = Labels.builder();
            one.getLabelsList().forEach(label -> labels.set(label.getName(), label.getValue()));
            String name = labels.build().toString();
            one.getSamplesList().forEach(sample -> put(name, sample.getTimestamp(), text(sample.getValue())));
            for (Histogram point : one.getHistogramsList()) {
                boolean stale = StaleMarker.isStale(point.getSum());
                put(name, point.getTimestamp(), stale ? "stale" : point.getCountInt() + "/" + point.getSum());
            }
        }

        private void put(String name, long timestampMs, String value) {
            TreeMap<Long, String> values = series.computeIfAbsent(name, key -> new TreeMap<>());
            assertTrue(values.isEmpty() || values.lastKey() < timestampMs, () -> name + " at " + timestampMs);
            values.put(timestampMs, value);
        }

        private static String text(double value) {
            return StaleMarker.isStale(value)
                    ? "stale"
                    : value == Math.rint(value) ? Long.toString(Math.round(value)) : Double.toString(value);
        }

        String points(String name) {
            StringBuilder text = new StringBuilder();
            series.getOrDefault(name, new TreeMap<>())
                    .forEach((timeMs, value) -> text.append(text.isEmpty() ? "" : " ")
                            .append(timeMs / 1000)
                            .append('=')
                            .append(value));
            return text.toString();
        }
    }
}

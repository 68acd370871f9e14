package dev.weir.aggregation.operator;

import static dev.weir.aggregation.operator.Scrapes.at;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.group.SeriesRecord;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.report.GaugePoint;
import dev.weir.aggregation.report.Increment;
import dev.weir.aggregation.report.PlainReport;
import dev.weir.aggregation.report.SeriesKind;
import dev.weir.aggregation.request.RequestReport;
import dev.weir.configuration.StateBackend;
import dev.weir.series.Labels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("try") // The harness's close declares every exception.
class LaneOperatorTest {
    private static final Labels GROUP = Labels.of("job", "j", "project_id", "p");

    @Test
    void closesWindowsAsTheWatermarkPassesThem() throws Exception {
        try (Harness harness = new Harness()) {
            harness.open();
            harness.processElement(report(12), at(12));
            harness.processWatermark(at(14));
            assertEquals(0, harness.extractOutputValues().size());
            harness.processWatermark(at(15));
            assertEquals(2, harness.extractOutputValues().size(), "the group's window and the frontier");
            assertEquals(1, harness.numEventTimeTimers());
        }
    }

    @Test
    void hasNeitherTimersNorGroupsAfterTheExpiryAndBothAgainAfterTheNextReport() throws Exception {
        try (Harness harness = new Harness()) {
            harness.open();
            harness.processElement(report(12), at(12));
            harness.processElement(new LanedReport(2, "t", null), at(12));
            for (long second = 15; second < 4_000; second += 50) {
                harness.processWatermark(at(second));
            }
            assertEquals(0, harness.numEventTimeTimers());
            harness.snapshot(1, 1);
            assertEquals(Set.of("lane/0/"), harness.entries(2));
            int before = harness.extractOutputValues().size();
            harness.processElement(report(9_000), at(9_000));
            harness.processWatermark(at(9_005));
            assertTrue(harness.extractOutputValues().size() > before);
            assertEquals(1, harness.numEventTimeTimers());
        }
    }

    @ParameterizedTest
    @EnumSource(StateBackend.class)
    void goesOnFromASnapshotAsIfNothingHadHappened(StateBackend backend) throws Exception {
        List<byte[]> expected;
        try (Harness harness = new Harness(backend)) {
            harness.open();
            harness.processElement(report(12), at(12));
            harness.processWatermark(at(16));
            harness.processElement(report(27), at(27));
            harness.processWatermark(at(60));
            expected = values(harness);
        }
        List<byte[]> actual = new ArrayList<>();
        OperatorSubtaskState state;
        try (Harness harness = new Harness(backend)) {
            harness.open();
            harness.processElement(report(12), at(12));
            harness.processWatermark(at(16));
            state = harness.snapshot(1, 1);
            actual.addAll(values(harness));
        }
        try (Harness harness = new Harness(backend)) {
            harness.initializeState(state);
            harness.open();
            harness.processElement(report(27), at(27));
            harness.processWatermark(at(60));
            actual.addAll(values(harness));
        }
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), "record " + i);
        }
    }

    @Test
    void aWindowOfScrapesAndRequestsIsCompleteAtOneFrontier() throws Exception {
        try (Harness harness = new Harness()) {
            harness.open();
            harness.processElement(report(12), at(12));
            harness.processElement2(request(13), at(13));
            harness.processWatermark1(new Watermark(at(15)));
            assertEquals(0, harness.extractOutputValues().size(), "requests of the window may be on their way");
            harness.processWatermark2(new Watermark(at(15)));
            List<String> records = values(harness).stream()
                    .map(value -> new String(value, StandardCharsets.ISO_8859_1))
                    .toList();
            assertEquals(3, records.size());
            assertTrue(records.get(0).contains("c_total"));
            assertTrue(records.get(1).contains("inference_requests_total"));
            assertTrue(records.get(2).contains("weir_frontier_timestamp_seconds"));
            harness.processElement2(request(14), at(14));
            harness.processWatermark(at(20));
            assertTrue(
                    values(harness).stream()
                            .skip(3)
                            .anyMatch(value -> new String(value, StandardCharsets.ISO_8859_1)
                                    .contains("inference_requests_total")),
                    "what comes late counts in the next window");
        }
    }

    private static LanedRequest request(long second) {
        Labels labels = Labels.of("model_name", "m", "project_id", "p");
        return new LanedRequest(
                2,
                new RequestReport(second, "p", labels, at(second), false, -1, -1, -1, 1, Double.NaN, Double.NaN, null));
    }

    @Test
    void closesWindowsThatTheTopicHasWithoutWritingThem() throws Exception {
        List<byte[]> all;
        try (Harness harness = new Harness()) {
            harness.open();
            harness.processElement(report(12), at(12));
            harness.processWatermark(at(40));
            all = values(harness);
        }
        try (Harness harness = new Harness(new WrittenWindows(Map.of(2, at(25), 3, at(90))))) {
            harness.open();
            harness.processElement(report(12), at(12));
            harness.processWatermark(at(25));
            assertEquals(0, harness.extractOutputValues().size());
            harness.processWatermark(at(40));
            List<byte[]> rest = values(harness);
            int left = all.size() - rest.size();
            assertEquals(6, rest.size(), "three windows' group and frontier");
            for (int i = 0; i < rest.size(); i++) {
                assertArrayEquals(all.get(left + i), rest.get(i), "record " + i);
            }
        }
    }

    @Test
    void endsWithItsInput() throws Exception {
        try (Harness harness = new Harness()) {
            harness.open();
            harness.processElement(report(12), at(12));
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> harness.processWatermark(Long.MAX_VALUE));
            assertEquals(0, harness.numEventTimeTimers());
            assertTrue(harness.extractOutputValues().size() >= 4);
        }
    }

    private static List<byte[]> values(Harness harness) {
        return harness.extractOutputValues().stream().map(SeriesRecord::value).toList();
    }

    private static LanedReport report(long second) {
        Increment increment = new Increment(
                SeriesKind.COUNTER,
                GROUP.toBuilder().set(Labels.METRIC_NAME, "c_total").build(),
                null,
                new double[] {9},
                Double.NaN,
                15_000);
        GaugePoint up = new GaugePoint(
                GROUP.toBuilder()
                        .set(Labels.METRIC_NAME, "up")
                        .set("instance", "i")
                        .build(),
                1,
                GaugePoint.NO_TIMESTAMP);
        return new LanedReport(
                2,
                "t",
                new PlainReport(
                                "p",
                                GROUP,
                                "t",
                                at(second),
                                at(second),
                                15_000,
                                false,
                                "",
                                List.of(increment),
                                List.of(up),
                                List.of())
                        .toReport());
    }

    private static final class Harness
            extends KeyedTwoInputStreamOperatorTestHarness<Integer, LanedReport, LanedRequest, SeriesRecord> {
        Harness() throws Exception {
            this(StateBackend.HEAP, WrittenWindows.NONE);
        }

        Harness(StateBackend backend) throws Exception {
            this(backend, WrittenWindows.NONE);
        }

        Harness(WrittenWindows written) throws Exception {
            this(StateBackend.HEAP, written);
        }

        private Harness(StateBackend backend, WrittenWindows written) throws Exception {
            super(
                    new LaneOperator(
                            Duration.ofSeconds(5), Duration.ofHours(1), Profiles.builtIn(), List.of(), 0, written),
                    LanedReport::lane,
                    LanedRequest::lane,
                    Types.INT);
            setStateBackend(StateBackendLoader.loadStateBackendFromConfig(
                    Configuration.fromMap(backend.flinkOptions()), getClass().getClassLoader(), null));
        }

        /** Names of the entries of the lane's keyed state. */
        Set<String> entries(int lane) throws Exception {
            AbstractStreamOperator<?> operator = (AbstractStreamOperator<?>) getOperator();
            operator.setCurrentKey(lane);
            return new EntryState(operator.getKeyedStateBackend()).all().keySet();
        }

        void processElement(LanedReport report, long timestampMs) throws Exception {
            processElement1(report, timestampMs);
        }

        void processWatermark(long timestampMs) throws Exception {
            processBothWatermarks(new Watermark(timestampMs));
        }
    }
}

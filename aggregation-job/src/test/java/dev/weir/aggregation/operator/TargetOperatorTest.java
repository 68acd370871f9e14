package dev.weir.aggregation.operator;

import static dev.weir.aggregation.operator.Scrapes.at;
import static dev.weir.aggregation.operator.Scrapes.routed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.report.PlainReport;
import dev.weir.configuration.WeirConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // The harness's close declares every exception.
class TargetOperatorTest {
    private static final int HOUR = 3600;

    private final PlainReport.Reader reader = new PlainReport.Reader();

    @Test
    void givesEachScrapesGainAndForgetsASilentTarget() throws Exception {
        try (Harness harness = new Harness()) {
            harness.open();
            harness.processElement(routed(15, 15, 10), at(15));
            harness.processElement(routed(30, 30, 17), at(30));
            assertEquals(List.of(10.0, 7.0), harness.gains());
            assertEquals(1, harness.numKeyedStateEntries());
            assertEquals(1, harness.numEventTimeTimers());
            harness.processWatermark(at(30 + HOUR - 1));
            assertEquals(1, harness.numKeyedStateEntries(), "remembered for the expiry");
            harness.processWatermark(at(30 + 2 * HOUR));
            assertEquals(0, harness.numKeyedStateEntries());
            assertEquals(0, harness.numEventTimeTimers());
        }
    }

    @Test
    void goesOnFromASnapshotAsIfNothingHadHappened() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = new Harness()) {
            harness.open();
            harness.processElement(routed(15, 15, 10), at(15));
            assertEquals(List.of(10.0), harness.gains());
            state = harness.snapshot(1, 1);
        }
        try (Harness harness = new Harness()) {
            harness.initializeState(state);
            harness.open();
            harness.processElement(routed(15, 15, 10), at(15));
            harness.processElement(routed(30, 30, 17), at(30));
            assertEquals(List.of(7.0), harness.gains());
            assertEquals(1, harness.numEventTimeTimers());
        }
    }

    @Test
    void remembersATargetWhosePartitionLagsByMoreThanTheExpiry() throws Exception {
        try (Harness harness = new Harness()) {
            harness.open();
            harness.processWatermark(at(3 * HOUR));
            harness.processElement(routed(15, 15, 10), at(15));
            harness.processWatermark(at(3 * HOUR + 5));
            harness.processElement(routed(30, 30, 17), at(30));
            assertEquals(List.of(10.0, 7.0), harness.gains());
        }
    }

    @Test
    void doesNotCountALifeTwiceWhoseSecondScrapeWasSlow() throws Exception {
        try (Harness harness = new Harness()) {
            harness.open();
            harness.processElement(routed(1, 1, 10), at(1));
            harness.processWatermark(at(HOUR + 3));
            // It began within the expiry of the process's start, and was appended after it.
            harness.processElement(routed(HOUR, HOUR + 6, 12), at(HOUR + 6));
            assertEquals(List.of(10.0, 2.0), harness.gains());
        }
    }

    @Test
    void tellsOnceWhatItsNumbersMeanAndAnewAfterAGoodbye() throws Exception {
        try (Harness harness = new Harness()) {
            harness.open();
            harness.processElement(routed(15, 15, 10), at(15));
            harness.processElement(routed(30, 30, 17), at(30));
            harness.processWatermark(at(30 + 299));
            assertEquals(List.of("tells", "reports"), harness.says());
            harness.processWatermark(at(30 + 600));
            harness.processElement(routed(640, 640, 18), at(640));
            harness.processElement(routed(655, 655, 19), at(655));
            assertEquals(List.of("tells", "reports", "goodbye", "tells", "reports"), harness.says());
            assertEquals(1, harness.numEventTimeTimers());
        }
    }

    @Test
    void remembersAcrossARestoreWhatItTold() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = new Harness()) {
            harness.open();
            harness.processElement(routed(15, 15, 10), at(15));
            state = harness.snapshot(1, 1);
        }
        try (Harness harness = new Harness()) {
            harness.initializeState(state);
            harness.open();
            harness.processElement(routed(30, 30, 17), at(30));
            assertEquals(List.of("reports"), harness.says());
            harness.processWatermark(at(30 + 900));
            assertEquals(List.of("reports", "goodbye"), harness.says());
        }
    }

    private final class Harness extends KeyedOneInputStreamOperatorTestHarness<String, RoutedScrape, LanedReport> {
        Harness() throws Exception {
            super(
                    new KeyedProcessOperator<>(new TargetOperator(
                            WeirConfig.parse("{}", "weir.yml"), Profiles.builtIn(), Duration.ofSeconds(HOUR), 4)),
                    RoutedScrape::target,
                    Types.STRING);
        }

        /** What each record is. */
        List<String> says() {
            return extractOutputValues().stream()
                    .map(LanedReport::report)
                    .map(report -> report == null ? "goodbye" : report.telling() == null ? "reports" : "tells")
                    .toList();
        }

        /** What c_total gained with each report. */
        List<Double> gains() {
            return extractOutputValues().stream()
                    .map(LanedReport::report)
                    .filter(Objects::nonNull)
                    .map(report -> reader.read(report).increments().stream()
                            .filter(increment -> increment.labels().metricName().equals("c_total"))
                            .mapToDouble(increment -> increment.amounts()[0])
                            .sum())
                    .toList();
        }
    }
}

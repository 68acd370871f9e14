package dev.weir.aggregation.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.NoConflicts;
import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.report.FamilyInfo;
import dev.weir.aggregation.report.GaugePoint;
import dev.weir.aggregation.report.Increment;
import dev.weir.aggregation.report.PlainReport;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.report.SeriesKind;
import dev.weir.series.Labels;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lanes that lag, jump and stop, and families that disagree. Windows of 5 s; times are seconds. */
class LaneExtremesTest {
    private static final Labels GROUP = Labels.of("job", "vllm", "project_id", "p");
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final String TOKENS = "tokens_total{job=\"vllm\", project_id=\"p\"}";

    private int conflicts;
    private final LaneRules rules = Pages.rules(
            5_000,
            new NoConflicts() {
                @Override
                public void ofTypes() {
                    conflicts++;
                }

                @Override
                public void ofGauges() {
                    conflicts++;
                }
            },
            "crusoe");
    private final Receiver receiver = new Receiver();
    private Lane lane = new Lane(3, 5_000);
    private final StoredLane stored = new StoredLane();

    @Test
    void startsWhereEventsAreWhenItWasEmptyForLong() throws IOException {
        take(12, "a", List.of(counter("tokens_total", 4)), List.of());
        lane.forget("a");
        advance(10_000);
        advance(10_100);
        assertEquals(0, lane.groupCount());
        take(1_000_012, "a", List.of(counter("tokens_total", 8)), List.of());
        stored.store(lane);
        assertTrue(stored.sizeBytes() < 2_000, "bytes of state: " + stored.sizeBytes());
        advance(1_000_030);
        assertTrue(receiver.points(TOKENS).endsWith("1000010=0 1000015=5 1000020=8 1000025=8 1000030=8"));
    }

    @Test
    void losesNothingThatArrivesHoursLate() {
        take(8_000, "a", List.of(counter("other_total", 1)), List.of());
        advance(8_005);
        take(100, "late", List.of(counter("tokens_total", 7)), List.of());
        advance(8_020);
        assertEquals("8005=0 8010=7 8015=7 8020=7", receiver.points(TOKENS));
    }

    @Test
    void closesWhatIsPendingAtTheEndOfAllInputAndNothingBeyond() {
        take(12, "a", List.of(counter("tokens_total", 30, 10_000)), List.of(gauge("up", 1)));
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> lane.advance(Long.MAX_VALUE, rules, receiver::take));
        assertEquals("10=0 15=9 20=24 25=30", receiver.points(TOKENS));
        assertTrue(receiver.series.values().stream().allMatch(points -> points.lastKey() <= 90_000));
    }

    @Test
    void emitsAViewsIncrementsBeforeItLeavesOutAStretch() {
        take(12, "a", List.of(counter("vllm:prompt_tokens_total", 8)), List.of());
        for (long second = 15; second <= 85; second += 5) {
            advance(second);
        }
        take(87, "a", List.of(counter("vllm:prompt_tokens_total", 4)), List.of());
        advance(100);
        advance(9_000);
        assertEquals(
                "0=0 60=8 120=12",
                receiver.points("crusoe_inference_input_token_count{job=\"vllm\", project_id=\"p\"}")
                        .substring(0, 15));
    }

    @Test
    void writesAViewsPointsAtTheFirstWindowsOfItsStepsWhereWindowsDoNotDivideThem() {
        LaneRules sevens = Pages.rules(7_000, rules.conflicts(), "crusoe");
        lane = new Lane(1, 7_000);
        lane.take(report(10, "a", List.of(counter("vllm:prompt_tokens_total", 8)), List.of()), sevens);
        for (long second = 14; second <= 190; second += 7) {
            lane.advance(second * 1000, sevens, receiver::take);
        }
        assertEquals(
                "3=0 63=8 126=8 182=8",
                receiver.points("crusoe_inference_input_token_count{job=\"vllm\", project_id=\"p\"}"));
    }

    @Test
    void givesAFamilyItsNewTypeOnceTheFormerExpired() {
        take(12, "a", List.of(counter("x", 4)), List.of());
        for (long second = 15; second <= 3_700; second += 300) {
            take(second, "a", List.of(histogram("x", new double[] {1, INF}, 1, 1)), List.of());
            advance(second);
        }
        take(3_702, "a", List.of(histogram("x", new double[] {1, INF}, 1, 1)), List.of());
        advance(3_720);
        assertTrue(conflicts > 0);
        assertTrue(receiver.points("x_count{job=\"vllm\", project_id=\"p\"}").endsWith("3720=2"));
    }

    @Test
    void neverWritesTwoValuesForOneSeriesWhereFamiliesOverlap() {
        take(
                12,
                "a",
                List.of(histogram("h", new double[] {1, INF}, 1, 1), counter("h_count", 5), counter("g", 1)),
                List.of(bare("g", 3), bare("h_sum", 4), bare("free", 5)));
        take(12, "b", List.of(counter("free", 1), counter("h_sum", 1)), List.of());
        advance(30);
        assertEquals("10=0 15=2 20=2 25=2 30=2", receiver.points("h_count{job=\"vllm\", project_id=\"p\"}"));
        assertEquals("10=0 15=1 20=1 25=1 30=1", receiver.points("g{job=\"vllm\", project_id=\"p\"}"));
        assertEquals("10=0 15=9 20=9 25=9 30=9", receiver.points("h_sum{job=\"vllm\", project_id=\"p\"}"));
        assertTrue(conflicts >= 4, "conflicts: " + conflicts);
    }

    @Test
    void letsOneTargetAloneWriteAGaugeThatTwoTargetsHave() {
        for (long second = 7; second < 100; second += 10) {
            take(second, "a", List.of(), List.of(stamped("g", 1, second)));
            take(second + 5, "b", List.of(), List.of(stamped("g", 2, second)));
            advance(second + 3);
        }
        advance(110);
        assertTrue(receiver.points("g{job=\"vllm\", project_id=\"p\"}").matches("(\\d+=1 ?)+"));
    }

    @Test
    void boundsTheBucketsOfAMergedHistogram() {
        for (int i = 0; i < 2_000; i++) {
            take(12, "a", List.of(histogram("h", new double[] {1 + i / 1e6, INF}, 1, 1)), List.of());
        }
        advance(30);
        String labels = "{job=\"vllm\", project_id=\"p\"}";
        assertTrue(receiver.points("h_count" + labels).endsWith("30=4000"));
        long buckets = receiver.series.keySet().stream()
                .filter(name -> name.startsWith("h_bucket"))
                .count();
        assertTrue(buckets <= 512, "buckets: " + buckets);
    }

    @Test
    void keepsMetadataThatIsNotWrittenYetWhenRestored() {
        FamilyInfo family = new FamilyInfo("tokens", 1, "help", "");
        lane.take(
                new PlainReport(
                                "p",
                                GROUP,
                                "a",
                                12_000,
                                12_000,
                                15_000,
                                false,
                                "",
                                List.of(),
                                List.of(),
                                List.of(family))
                        .toReport(),
                rules);
        lane = stored.restart(lane);
        advance(15);
        assertEquals(1, receiver.metadata);
    }

    private void take(long second, String target, List<Increment> increments, List<GaugePoint> gauges) {
        lane.take(report(second, target, increments, gauges), rules);
    }

    private static ScrapeReport report(
            long second, String target, List<Increment> increments, List<GaugePoint> gauges) {
        String page = Pages.with(increments.stream()
                .map(increment -> increment.labels().metricName())
                .toArray(String[]::new));
        return new PlainReport(
                        "p",
                        GROUP,
                        target,
                        second * 1000,
                        second * 1000,
                        15_000,
                        false,
                        page,
                        increments,
                        gauges,
                        List.of())
                .toReport();
    }

    private void advance(long second) {
        lane.advance(second * 1000, rules, receiver::take);
        lane = stored.restart(lane);
    }

    private static Labels named(String name) {
        return GROUP.toBuilder().set(Labels.METRIC_NAME, name).build();
    }

    private static Increment counter(String name, double amount) {
        return counter(name, amount, 5_000);
    }

    private static Increment counter(String name, double amount, long tookMs) {
        return new Increment(SeriesKind.COUNTER, named(name), null, new double[] {amount}, Double.NaN, tookMs);
    }

    private static Increment histogram(String name, double[] bounds, double... amounts) {
        String[] le = new String[bounds.length];
        for (int i = 0; i < le.length; i++) {
            le[i] = bounds[i] == INF ? "+Inf" : Double.toString(bounds[i]);
        }
        return new Increment(SeriesKind.HISTOGRAM, named(name), new BucketLayout(bounds, le), amounts, 9, 3_000);
    }

    private static GaugePoint gauge(String name, double value) {
        return new GaugePoint(named(name).toBuilder().set("instance", "a").build(), value, GaugePoint.NO_TIMESTAMP);
    }

    private static GaugePoint bare(String name, double value) {
        return new GaugePoint(named(name), value, GaugePoint.NO_TIMESTAMP);
    }

    private static GaugePoint stamped(String name, double value, long second) {
        return new GaugePoint(named(name), value, second * 1000);
    }
}

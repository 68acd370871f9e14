package dev.weir.aggregation.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.NoConflicts;
import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.report.GaugePoint;
import dev.weir.aggregation.report.Increment;
import dev.weir.aggregation.report.PlainReport;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.report.SeriesKind;
import dev.weir.series.Labels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hand-computed outputs of a lane with windows of 5 s; times are seconds. */
class LaneTest {
    private static final Labels GROUP = Labels.of("job", "vllm", "project_id", "p");
    private static final String TOKENS = "tokens_total{job=\"vllm\", project_id=\"p\"}";
    private static final String UP = "up{instance=\"a\", job=\"vllm\", project_id=\"p\"}";
    private static final double INF = Double.POSITIVE_INFINITY;

    private final LaneRules rules = Pages.rules(5_000, new SharedGauges(), "crusoe");
    private final Receiver receiver = new Receiver();
    private Lane lane = new Lane(3, 5_000);
    private final StoredLane stored = new StoredLane();

    @Test
    void precedesASeriesFirstPointByZeroAndWritesOneAWindow() {
        take(report(12).increments(counter(TOKENS_NAME, 30, 10)));
        advance(30);
        assertEquals("10=0 15=9 20=24 25=30 30=30", receiver.points(TOKENS));
    }

    @Test
    void keepsTheCumulativeValueAcrossTargets() {
        take(report(10).target("a").increments(counter(TOKENS_NAME, 10, 5)));
        take(report(10).target("b").increments(counter(TOKENS_NAME, 5, 5)));
        advance(20);
        assertEquals("10=0 15=15 20=15", receiver.points(TOKENS));
    }

    @Test
    void aSeriesBeginsWithTheWindowOfItsFirstScrapeHoweverEarlyThatIsTaken() {
        take(report(12).increments(counter(TOKENS_NAME, 1, 5)));
        advance(15);
        take(report(27).target("early").increments(counter("early_total", 10, 5)));
        advance(25);
        take(report(27).target("late").increments(counter("late_total", 10, 5)));
        advance(35);
        assertEquals("25=0 30=6 35=10", receiver.points(TOKENS.replace("tokens", "early")));
        assertEquals("25=0 30=6 35=10", receiver.points(TOKENS.replace("tokens", "late")));
    }

    @Test
    void tellsTheFrontierAfterEveryWindow() {
        take(report(12).increments(counter(TOKENS_NAME, 1, 5)));
        advance(21);
        assertEquals(
                "15=15 20=20", receiver.points("weir_frontier_timestamp_seconds{partition=\"3\", project_id=\"p\"}"));
    }

    @Test
    void writesAGaugeAtTheEndOfItsWindowAndEndsItWhenAbsentFromAScrape() {
        take(report(12).gauges(gauge("up", 1), gauge("running", 7)));
        take(report(27).gauges(gauge("up", 1)));
        advance(40);
        assertEquals("15=1 30=1", receiver.points(UP));
        assertEquals("15=7 30=stale", receiver.points(UP.replace("up", "running")));
    }

    @Test
    void endsTheGaugesOfATargetThatIsSilentForTwoIntervals() {
        take(report(12).gauges(gauge("up", 1)));
        advance(60);
        assertEquals("15=1 50=stale", receiver.points(UP));
    }

    @Test
    void endsTheGaugesOfATargetThatSaidItsLastWord() {
        take(report(12).lastWord().gauges(gauge("up", 1)));
        advance(30);
        assertEquals("15=1 20=stale", receiver.points(UP));
    }

    @Test
    void keepsTheTargetsOwnTimestampsUnlessTheyAreAncient() {
        take(report(5_012).gauges(gauge("fresh", 1, 5_011_000), gauge("ancient", 2, 7_000)));
        take(report(5_027).gauges(gauge("fresh", 1, 5_011_000), gauge("ancient", 2, 7_000)));
        advance(5_030);
        assertEquals("5011=1", receiver.points(UP.replace("up", "fresh")));
        assertEquals("5015=2 5030=2", receiver.points(UP.replace("up", "ancient")));
    }

    @Test
    void endsASeriesAnHourAfterItsLastTargetAndStartsItAnewFromZero() {
        take(report(12).increments(counter(TOKENS_NAME, 30, 5)));
        advanceSlowly(15, 4_000);
        take(report(4_002).increments(counter(TOKENS_NAME, 4, 5)));
        advance(4_015);
        String points = receiver.points(TOKENS);
        assertTrue(points.contains("3615=stale"), points);
        assertTrue(points.endsWith("3615=stale 4000=0 4005=2 4010=4 4015=4"), points);
    }

    @Test
    void leavesOutAnEventlessStretchAndBridgesItWithTheFormerValue() {
        take(report(12).increments(counter(TOKENS_NAME, 10, 5)).gauges(gauge("up", 1)));
        advance(20);
        advance(1_001);
        take(report(1_003).increments(counter(TOKENS_NAME, 6, 5)));
        advance(1_010);
        assertEquals(
                "10=0 15=6 20=10 25=10 30=10 35=10 40=10 45=10 50=10 995=10 1000=10 1005=12 1010=16",
                receiver.points(TOKENS));
    }

    @Test
    void writesAHistogramWholeAndAsCumulativeBuckets() {
        Increment increment = new Increment(
                SeriesKind.HISTOGRAM,
                named("ttft"),
                new BucketLayout(new double[] {0.5, 1, INF}, new String[] {"0.5", "1.0", "+Inf"}),
                new double[] {2, 3, 1},
                9,
                5_000);
        take(report(10).increments(increment));
        advance(15);
        String labels = "{job=\"vllm\", le=\"%s\", project_id=\"p\"}";
        assertEquals("10=0 15=2", receiver.points("ttft_bucket" + labels.formatted("0.5")));
        assertEquals("10=0 15=5", receiver.points("ttft_bucket" + labels.formatted("1.0")));
        assertEquals("10=0 15=6", receiver.points("ttft_bucket" + labels.formatted("+Inf")));
        assertEquals("10=0 15=6", receiver.points("ttft_count{job=\"vllm\", project_id=\"p\"}"));
        assertEquals("10=0 15=9", receiver.points("ttft_sum{job=\"vllm\", project_id=\"p\"}"));
    }

    @Test
    void saysWhereUnequalLayoutsWereMerged() {
        take(report(10).increments(histogram("ttft", 1)));
        take(report(10).target("b").increments(histogram("ttft", 2)));
        advance(15);
        assertEquals("15=1", receiver.points("weir_mixed_layouts{job=\"vllm\", metric=\"ttft\", project_id=\"p\"}"));
    }

    @Test
    void reemitsAFamilyUnderAViewsNameEveryMinute() {
        Labels labels = named("vllm:request_success_total").toBuilder()
                .set("finished_reason", "stop")
                .set("model_name", "m")
                .build();
        take(report(12)
                .page("vllm:request_success_total")
                .increments(new Increment(SeriesKind.COUNTER, labels, null, new double[] {8}, Double.NaN, 5_000)));
        advanceSlowly(15, 125);
        assertEquals(
                "0=0 60=8 120=8",
                receiver.points("crusoe_inference_request_count{job=\"vllm\", model_name=\"m\", project_id=\"p\"}"));
    }

    @Test
    void refusesAStateOfAnotherWindow() {
        LaneRules other = Pages.rules(10_000, new SharedGauges());
        assertThrows(IllegalArgumentException.class, () -> lane.advance(100_000, other, receiver::take));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesTheSameOutputWhereverItIsRestored(int seed) {
        Receiver uninterrupted = run(seed, 0);
        Receiver restored = run(seed, 7);
        assertEquals(uninterrupted.series, restored.series);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {11, 12, 13, 14})
    void sumsUpToAllIncrements(int seed) {
        added = 0;
        Receiver all = run(seed, 0);
        String points = all.points(TOKENS);
        assertTrue(points.endsWith("=" + Math.round(added)), points);
    }

    private double added;

    private Receiver run(int seed, int restoreEvery) {
        Random random = new Random(seed);
        Receiver result = new Receiver();
        Lane running = new Lane(1, 5_000);
        StoredLane kept = new StoredLane();
        long now = 1_000;
        for (int step = 1; step < 300; step++) {
            now += random.nextInt(12);
            double amount = random.nextInt(100);
            added += amount;
            String target = "t" + random.nextInt(5);
            running.take(
                    report(now)
                            .target(target)
                            .increments(
                                    counter(TOKENS_NAME, amount, random.nextInt(100)),
                                    histogram("ttft", 1 + random.nextInt(3)))
                            .gauges(gauge("up", 1), gauge("running_" + target, random.nextInt(4)))
                            .build(),
                    rules);
            running.advance((now - 2) * 1000, rules, result::take);
            if (restoreEvery > 0 && step % restoreEvery == 0) {
                running = kept.restart(running);
            }
        }
        running.advance((now + 100) * 1000, rules, result::take);
        return result;
    }

    private static final String TOKENS_NAME = "tokens_total";

    private void take(Report report) {
        lane.take(report.build(), rules);
    }

    private void advance(long second) {
        lane.advance(second * 1000, rules, receiver::take);
        lane = stored.restart(lane);
    }

    private static Labels named(String name) {
        return GROUP.toBuilder().set(Labels.METRIC_NAME, name).build();
    }

    private static Increment counter(String name, double amount, long tookSeconds) {
        return new Increment(
                SeriesKind.COUNTER, named(name), null, new double[] {amount}, Double.NaN, tookSeconds * 1000);
    }

    private static Increment histogram(String name, double bound) {
        BucketLayout layout =
                new BucketLayout(new double[] {bound, INF}, new String[] {Double.toString(bound), "+Inf"});
        return new Increment(SeriesKind.HISTOGRAM, named(name), layout, new double[] {4, 2}, 9, 5_000);
    }

    private static GaugePoint gauge(String name, double value) {
        return gauge(name, value, GaugePoint.NO_TIMESTAMP);
    }

    private static GaugePoint gauge(String name, double value, long timestampMs) {
        return new GaugePoint(named(name).toBuilder().set("instance", "a").build(), value, timestampMs);
    }

    /** Step by step, as watermarks move where events arrive. */
    private void advanceSlowly(long fromSecond, long toSecond) {
        for (long second = fromSecond; second <= toSecond; second += 5) {
            advance(second);
        }
    }

    /** Five targets share the series "up" in the random runs. */
    private static final class SharedGauges extends NoConflicts {
        @Override
        public void ofGauges() {}
    }

    private static Report report(long second) {
        return new Report(second * 1000);
    }

    private static final class Report {
        private final long appendMs;
        private String target = "a";
        private boolean lastWord;
        private String page = "";
        private List<Increment> increments = List.of();
        private List<GaugePoint> gauges = List.of();

        Report(long appendMs) {
            this.appendMs = appendMs;
        }

        Report target(String name) {
            target = name;
            return this;
        }

        Report lastWord() {
            lastWord = true;
            return this;
        }

        Report page(String... families) {
            page = Pages.with(families);
            return this;
        }

        Report increments(Increment... some) {
            increments = List.of(some);
            return this;
        }

        Report gauges(GaugePoint... some) {
            gauges = List.of(some);
            return this;
        }

        ScrapeReport build() {
            return new PlainReport(
                            "p",
                            GROUP,
                            target,
                            appendMs,
                            appendMs,
                            15_000,
                            lastWord,
                            page,
                            increments,
                            gauges,
                            List.of())
                    .toReport();
        }
    }
}

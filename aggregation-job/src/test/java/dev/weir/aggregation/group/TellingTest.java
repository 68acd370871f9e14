package dev.weir.aggregation.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What targets tell once, and what becomes of it. */
class TellingTest {
    private static final Labels GROUP = Labels.of("job", "vllm", "project_id", "p");
    private static final Labels OTHER_GROUP = Labels.of("job", "other", "project_id", "p");
    private static final double INF = Double.POSITIVE_INFINITY;

    private final LaneRules rules = Pages.rules(5_000, new NoConflicts(), "crusoe");
    private final Receiver receiver = new Receiver();
    private Lane lane = new Lane(3, 5_000);
    private final StoredLane stored = new StoredLane();

    /** However often targets tell, and whatever is restored in between: the oracle is a lane that is told every time. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void makesNoDifferenceToTheOutput(int seed) throws IOException {
        Random random = new Random(seed);
        Lane toldAlways = new Lane(3, 5_000);
        Receiver expected = new Receiver();
        Map<String, Long> told = new HashMap<>();
        for (long second = 10; second < 1_500; second += 1 + random.nextInt(4)) {
            String target = "t" + random.nextInt(4);
            PlainReport report = report(random, target, second);
            ScrapeReport whole = report.toReport();
            boolean known = Long.valueOf(whole.shape()).equals(told.put(target, whole.shape()));
            toldAlways.take(whole, rules);
            lane.take(known ? report.toReportWithoutTelling() : whole, rules);
            if (report.lastWord()) {
                told.remove(target);
            } else if (random.nextInt(20) == 0) {
                told.remove(target);
                lane.forget(target);
                toldAlways.forget(target);
            }
            if (random.nextInt(3) == 0) {
                lane.advance(second * 1000, rules, receiver::take);
                toldAlways.advance(second * 1000, rules, expected::take);
                stored.store(lane);
                lane = random.nextBoolean() ? lane : stored.restart(lane);
            }
        }
        lane.advance(2_000_000, rules, receiver::take);
        toldAlways.advance(2_000_000, rules, expected::take);
        assertEquals(expected.series.keySet(), receiver.series.keySet());
        expected.series.keySet().forEach(name -> assertEquals(expected.points(name), receiver.points(name), name));
        assertTrue(expected.series.size() > 10);
    }

    private static PlainReport report(Random random, String target, long second) {
        List<Increment> increments = new ArrayList<>();
        for (String name : List.of("tokens_total", "vllm:prompt_tokens_total", "late_total")) {
            if (random.nextInt(8) > 0) {
                increments.add(new Increment(
                        SeriesKind.COUNTER,
                        named(name),
                        null,
                        new double[] {random.nextInt(20)},
                        Double.NaN,
                        1_000 + random.nextInt(20_000)));
            }
        }
        double bound = random.nextInt(10) == 0 ? 0.25 : 0.5;
        BucketLayout layout = new BucketLayout(new double[] {bound, INF}, new String[] {"" + bound, "+Inf"});
        increments.add(new Increment(
                SeriesKind.HISTOGRAM,
                named("vllm:time_to_first_token_seconds"),
                layout,
                new double[] {random.nextInt(5), random.nextInt(2)},
                random.nextInt(9),
                10_000));
        List<GaugePoint> gauges = new ArrayList<>();
        gauges.add(gauge("up", target, 1, GaugePoint.NO_TIMESTAMP));
        for (String name : List.of("running", "waiting")) {
            if (random.nextInt(6) > 0) {
                long ownMs = random.nextInt(4) == 0 ? second * 1000 - 500 : GaugePoint.NO_TIMESTAMP;
                gauges.add(gauge(name, target, random.nextInt(9), ownMs));
            }
        }
        boolean lastWord = random.nextInt(30) == 0;
        return new PlainReport(
                "p", GROUP, target, second * 1000, second * 1000, 10_000, lastWord, "", increments, gauges, List.of());
    }

    @Test
    void refusesAReportOfWhichNothingWasTold() {
        ScrapeReport report = plain(GROUP, "a", 12, "tokens_total").toReportWithoutTelling();
        assertThrows(IllegalStateException.class, () -> lane.take(report, rules));
        lane.take(plain(GROUP, "a", 12, "other_total").toReport(), rules);
        assertThrows(IllegalStateException.class, () -> lane.take(report, rules));
    }

    @Test
    void knowsATargetThatIsSilentForHoursUntilItSaysGoodbye() throws IOException {
        lane.take(plain(GROUP, "a", 12, "tokens_total").toReport(), rules);
        for (long second = 15; second < 20_000; second += 100) {
            lane.advance(second * 1000, rules, receiver::take);
        }
        lane = stored.restart(lane);
        lane.take(plain(GROUP, "a", 20_000, "tokens_total").toReportWithoutTelling(), rules);
        lane.advance(20_050_000, rules, receiver::take);
        assertTrue(
                receiver.points("tokens_total{job=\"vllm\", project_id=\"p\"}").endsWith("20050=4"));
        lane.forget("a");
        lane.advance(20_100_000, rules, receiver::take);
        ScrapeReport report = plain(GROUP, "a", 20_100, "tokens_total").toReportWithoutTelling();
        assertThrows(IllegalStateException.class, () -> lane.take(report, rules));
    }

    @Test
    void endsTheGaugesOfAGroupThatATargetLeft() {
        lane.take(plain(GROUP, "a", 12, "tokens_total").toReport(), rules);
        lane.advance(20_000, rules, receiver::take);
        lane.take(plain(OTHER_GROUP, "a", 27, "tokens_total").toReport(), rules);
        lane.take(plain(OTHER_GROUP, "a", 42, "tokens_total").toReportWithoutTelling(), rules);
        lane.advance(50_000, rules, receiver::take);
        assertEquals("15=1 25=stale", receiver.points("up{instance=\"a\", job=\"vllm\", project_id=\"p\"}"));
        assertEquals("30=1 45=1", receiver.points("up{instance=\"a\", job=\"other\", project_id=\"p\"}"));
        assertTrue(
                receiver.points("tokens_total{job=\"other\", project_id=\"p\"}").endsWith("50=8"));
    }

    @Test
    void keepsOneOfWhatManyTargetsTell() throws IOException {
        for (int i = 0; i < 100; i++) {
            lane.take(plain(GROUP, "t" + i, 12, "a_very_long_name_".repeat(100)).toReport(), rules);
        }
        stored.store(lane);
        assertTrue(stored.sizeBytes() < 50_000, "bytes of state: " + stored.sizeBytes());
    }

    @Test
    void isKnownByItsContent() {
        long shape = plain(GROUP, "a", 12, "x").toReport().shape();
        assertEquals(shape, plain(GROUP, "a", 99, "x").toReport().shape());
        assertNotEquals(shape, plain(GROUP, "b", 12, "x").toReport().shape());
        assertNotEquals(shape, plain(GROUP, "a", 12, "y").toReport().shape());
        assertNotEquals(shape, plain(OTHER_GROUP, "a", 12, "x").toReport().shape());
    }

    private static PlainReport plain(Labels group, String target, long second, String name) {
        Increment increment = new Increment(
                SeriesKind.COUNTER,
                group.toBuilder().set(Labels.METRIC_NAME, name).build(),
                null,
                new double[] {4},
                Double.NaN,
                5_000);
        GaugePoint up = new GaugePoint(
                group.toBuilder()
                        .set(Labels.METRIC_NAME, "up")
                        .set("instance", target)
                        .build(),
                1,
                GaugePoint.NO_TIMESTAMP);
        return new PlainReport(
                "p",
                group,
                target,
                second * 1000,
                second * 1000,
                15_000,
                false,
                "",
                List.of(increment),
                List.of(up),
                List.of());
    }

    private static GaugePoint gauge(String name, String target, double value, long ownMs) {
        return new GaugePoint(named(name).toBuilder().set("instance", target).build(), value, ownMs);
    }

    private static Labels named(String name) {
        return GROUP.toBuilder().set(Labels.METRIC_NAME, name).build();
    }
}

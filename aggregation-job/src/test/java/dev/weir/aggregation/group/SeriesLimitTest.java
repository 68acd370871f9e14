package dev.weir.aggregation.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.NoConflicts;
import dev.weir.aggregation.profile.PageProfiles;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.report.GaugePoint;
import dev.weir.aggregation.report.Increment;
import dev.weir.aggregation.report.PlainReport;
import dev.weir.aggregation.report.SeriesKind;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A project's limit on series, of one lane: nothing is lost, nothing else is touched. Times are seconds. */
class SeriesLimitTest {
    private static final int LIMIT = 20;
    private static final BucketLayout LAYOUT =
            new BucketLayout(new double[] {1, 2, Double.POSITIVE_INFINITY}, new String[] {"1.0", "2.0", "+Inf"});
    private static final String FOLDED = "weir_series_folded_total{partition=\"3\", project_id=\"p\"}";

    private final List<String> told = new ArrayList<>();
    private final LaneRules rules =
            new LaneRules(5_000, 3_600_000, new PageProfiles(Profiles.builtIn()), List.of(), LIMIT, new NoConflicts() {
                @Override
                public void ofSeries(String project, int lane, int limit) {
                    told.add(project + " " + lane + " " + limit);
                }
            });
    private final Receiver receiver = new Receiver();
    private final StoredLane stored = new StoredLane();
    private Lane lane = new Lane(3, 5_000);

    @Test
    void seriesBeyondTheLimitAreSummedUpUnderTheLabelsOfTheirGroup() {
        take("p", "a", 12, explode(0, 30), List.of());
        advance(60);
        assertEquals(30, sum("x_total", "project_id=\"p\""));
        assertEquals(LIMIT, count("x_total"));
        assertEquals(11, value("x_total{job=\"j\", project_id=\"p\", request_id=\"other\"}"));
        assertEquals(11, value(FOLDED));
        assertEquals(List.of("p 3 20"), told);
    }

    @Test
    void labelsThatExplodeLeaveTheNumberOfSeriesBounded() {
        take("q", "other", 12, explode(0, 5), List.of());
        for (int scrape = 0; scrape < 50; scrape++) {
            take("p", "a", 12 + scrape * 5, explode(scrape * 100, 100), List.of());
            advance(10 + scrape * 5);
        }
        advance(400);
        assertEquals(5_000, sum("x_total", "project_id=\"p\""));
        assertTrue(count("x_total") <= LIMIT + 1 + 5, "series: " + count("x_total"));
        assertTrue(stored.sizeBytes() < 100_000, "bytes of state: " + stored.sizeBytes());
        assertEquals(5, sum("x_total", "project_id=\"q\""));
        assertTrue(receiver.series.keySet().stream()
                .noneMatch(series -> series.contains("project_id=\"q\"") && series.contains("\"other\"")));
        assertEquals(0, value("weir_series_folded_total{partition=\"3\", project_id=\"q\"}"));
    }

    @Test
    void targetsOfNewGroupsAreSummedUpInOneGroupOfTheLane() {
        for (int group = 0; group < 40; group++) {
            Labels labels = Labels.of("project_id", "p", "job", "j" + group);
            take("p", "t" + group, labels, 12, List.of(counter(labels, "x_total", "", 2)), List.of());
        }
        advance(60);
        assertEquals(80, sum("x_total", "project_id=\"p\""));
        assertTrue(count("x_total") <= LIMIT + 1, "series: " + count("x_total"));
        assertTrue(value("x_total{job=\"other\", partition=\"3\", project_id=\"p\"}") > 0);
    }

    @Test
    void gaugesBeyondTheLimitAreLeftOutAndCountedButForThoseOfTheScrapeItself() {
        List<GaugePoint> gauges = new ArrayList<>();
        for (String name : List.of("up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_kept")) {
            gauges.add(gauge(name, ""));
        }
        for (int i = 0; i < 50; i++) {
            gauges.add(gauge("g", "" + i));
        }
        take("p", "a", 12, explode(0, 30), gauges);
        advance(20);
        assertEquals(0, count("g"));
        assertEquals(1, count("up"));
        assertEquals(50, value("weir_gauge_values_dropped_total{partition=\"3\", project_id=\"p\"}"));
    }

    @Test
    void histogramsAreSummedUpWhole() {
        for (int i = 0; i < 10; i++) {
            Labels labels = Labels.of("__name__", "h", "project_id", "p", "job", "j", "request_id", "r" + i);
            take(
                    "p",
                    "t" + i,
                    12,
                    List.of(new Increment(SeriesKind.HISTOGRAM, labels, LAYOUT, new double[] {1, 2, 3}, 4, 5_000)),
                    List.of());
        }
        advance(60);
        for (Map.Entry<String, Integer> part :
                Map.of("h_count", 60, "h_sum", 40).entrySet()) {
            assertEquals(part.getValue().doubleValue(), sum(part.getKey(), "project_id"), part.getKey());
        }
        assertEquals(30, sum("h_bucket", "le=\"2.0\""));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {81, 82, 83, 84, 85})
    void conservesEveryFamilyWhateverIsFoldedThroughRestartsAndNoSeriesFalls(long seed) {
        Random random = new Random(seed);
        Map<String, Double> expected = new HashMap<>();
        for (int second = 12; second < 600; second += 1 + random.nextInt(6)) {
            String group = "j" + random.nextInt(6);
            Labels labels = Labels.of("project_id", "p", "job", group);
            List<Increment> increments = new ArrayList<>();
            for (String name : List.of("x_total", "y_total", "z_total")) {
                int amount = random.nextInt(9);
                String id = random.nextInt(3) == 0 ? "" : "r" + random.nextInt(60);
                increments.add(counter(labels, name, id, amount));
                expected.merge(name, (double) amount, Double::sum);
            }
            take("p", group + random.nextInt(3), labels, second, increments, List.of());
            advance(second - 4);
            if (random.nextInt(10) == 0) {
                lane = stored.restart(lane);
            }
        }
        advance(800);
        expected.forEach((name, amount) -> assertEquals(amount, sum(name, "project_id"), name + ", seed " + seed));
        receiver.series.forEach((series, points) -> {
            double before = 0;
            for (double value : points.values()) {
                assertTrue(StaleMarker.isStale(value) || value >= before || !series.contains("_total"), series);
                before = value;
            }
        });
        assertTrue(value(FOLDED) > 0);
    }

    private void take(String project, String target, long second, List<Increment> increments, List<GaugePoint> gauges) {
        List<Increment> ofProject = increments.stream()
                .map(increment -> new Increment(
                        increment.kind(),
                        increment.labels().toBuilder()
                                .set("project_id", project)
                                .build(),
                        increment.layout(),
                        increment.amounts(),
                        increment.sumAmount(),
                        increment.tookMs()))
                .toList();
        take(project, target, Labels.of("project_id", project, "job", "j"), second, ofProject, gauges);
    }

    private void take(
            String project,
            String target,
            Labels group,
            long second,
            List<Increment> increments,
            List<GaugePoint> gauges) {
        lane.take(
                new PlainReport(
                                project,
                                group,
                                target,
                                second * 1000,
                                second * 1000,
                                15_000,
                                false,
                                "",
                                increments,
                                gauges,
                                List.of())
                        .toReport(),
                rules);
    }

    private void advance(long second) {
        lane.advance(second * 1000, rules, receiver::take);
        lane = stored.restart(lane);
    }

    private static List<Increment> explode(int first, int count) {
        List<Increment> increments = new ArrayList<>();
        Labels group = Labels.of("project_id", "p", "job", "j");
        for (int i = first; i < first + count; i++) {
            increments.add(counter(group, "x_total", "r" + i, 1));
        }
        return increments;
    }

    private static Increment counter(Labels group, String name, String id, double amount) {
        Labels.Builder labels = group.toBuilder().set(Labels.METRIC_NAME, name);
        Labels complete =
                id.isEmpty() ? labels.build() : labels.set("request_id", id).build();
        return new Increment(SeriesKind.COUNTER, complete, null, new double[] {amount}, Double.NaN, 5_000);
    }

    private static GaugePoint gauge(String name, String id) {
        Labels labels = Labels.of("__name__", name, "project_id", "p", "job", "j", "instance", "a", "id", "i" + id);
        return new GaugePoint(labels, 1, GaugePoint.NO_TIMESTAMP);
    }

    private long count(String name) {
        return receiver.series.keySet().stream()
                .filter(series -> series.startsWith(name + "{"))
                .count();
    }

    private double sum(String name, String labelText) {
        return receiver.series.entrySet().stream()
                .filter(series -> series.getKey().startsWith(name + "{")
                        && series.getKey().contains(labelText))
                .mapToDouble(series -> series.getValue().lastEntry().getValue())
                .filter(value -> !StaleMarker.isStale(value))
                .sum();
    }

    private double value(String series) {
        TreeMap<Long, Double> points = receiver.series.get(series);
        if (points == null) {
            throw new AssertionError(series + " is not among " + receiver.series.keySet());
        }
        return points.lastEntry().getValue();
    }
}

package dev.weir.aggregation.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.NoConflicts;
import dev.weir.aggregation.profile.PageProfiles;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.report.GaugePoint;
import dev.weir.aggregation.report.Increment;
import dev.weir.aggregation.report.PlainReport;
import dev.weir.aggregation.report.SeriesKind;
import dev.weir.aggregation.request.RequestReport;
import dev.weir.aggregation.state.EntryChanges;
import dev.weir.series.Labels;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LaneEntriesTest {
    private static final Labels GROUP = Labels.of("job", "vllm", "project_id", "p");
    private static final long HOUR = 3_600;

    private final LaneRules rules =
            new LaneRules(5_000, HOUR * 1000, new PageProfiles(Profiles.builtIn()), List.of(), new NoConflicts());
    private final Lane lane = new Lane(3, 5_000);

    @Test
    void storesWhatATargetToldOnceAndWhatMovesWithEachScrape() throws IOException {
        lane.take(report("a", 12).toReport(), rules);
        lane.take(report("b", 12).toReport(), rules);
        assertEquals(Set.of("gauges/0/a", "gauges/0/b", "group/0/", "lane/0/", "told/0/a", "told/0/b"), drainedNames());
        assertEquals(Set.of("lane/0/"), drainedNames());
        lane.take(report("b", 14).toReportWithoutTelling(), rules);
        assertEquals(Set.of("gauges/0/b", "group/0/", "lane/0/"), drainedNames());
        lane.take(request(14), rules);
        assertEquals(Set.of("lane/0/", "requests/0/{model_name=\"m\", project_id=\"p\"}"), drainedNames());
    }

    @Test
    void targetsAndGroupsThatHaveGoneForAnHourLeaveNoEntry() {
        StoredLane stored = new StoredLane();
        lane.take(report("a", 12).toReport(), rules);
        lane.take(report("b", 12).toReport(), rules);
        lane.take(request(14), rules);
        lane.advance(20_000, rules, record -> {});
        stored.store(lane);
        assertEquals(7, stored.entries().size());
        lane.forget("a");
        lane.forget("b");
        lane.advance(30_000, rules, record -> {});
        stored.store(lane);
        assertEquals(
                Set.of("group/0/", "lane/0/", "requests/0/{model_name=\"m\", project_id=\"p\"}"),
                stored.entries().keySet());
        lane.advance((HOUR + 60) * 1000, rules, record -> {});
        lane.advance((HOUR + 90) * 1000, rules, record -> {});
        stored.store(lane);
        assertEquals(Set.of("lane/0/"), stored.entries().keySet());
    }

    @Test
    void refusesTheStateOfANewerVersionByItsNumber() throws IOException {
        EntryChanges newer = new EntryChanges();
        newer.put("lane/0/", out -> out.writeByte(99));
        IOException refused = assertThrows(IOException.class, () -> Lane.read(newer.stored()));
        assertEquals(
                "lane state version: 99 (expected: " + Lane.VERSION + "; a newer Weir wrote it)", refused.getMessage());
    }

    @Test
    void refusesWhatIsIncompleteOrUnknownByItsName() {
        StoredLane stored = new StoredLane();
        lane.take(report("a", 12).toReport(), rules);
        stored.store(lane);
        stored.entries().remove("gauges/0/a");
        assertEquals("lane state: no entry gauges/0/a (expected: one)", refusal(stored.entries()));
        stored.entries().remove("group/0/");
        assertEquals("lane state entry: told/0/a (expected: one of its group, too)", refusal(stored.entries()));
        stored.entries().put("other/0/", new byte[0]);
        assertEquals(
                "lane state entry: other/0/ (expected: a kind that this version of Weir knows)",
                refusal(stored.entries()));
        assertEquals("lane state: no entry lane/0/ (expected: one)", refusal(Map.of("group/0/", new byte[0])));
    }

    private static String refusal(Map<String, byte[]> entries) {
        return String.valueOf(
                assertThrows(IOException.class, () -> Lane.read(entries)).getMessage());
    }

    private Set<String> drainedNames() throws IOException {
        return new TreeSet<>(lane.drainChanges().stored().keySet());
    }

    private static PlainReport report(String target, long second) {
        Increment increment = new Increment(
                SeriesKind.COUNTER,
                GROUP.toBuilder().set(Labels.METRIC_NAME, "c_total").build(),
                null,
                new double[] {9},
                Double.NaN,
                15_000);
        Labels up = GROUP.toBuilder()
                .set(Labels.METRIC_NAME, "up")
                .set("instance", target)
                .build();
        return new PlainReport(
                "p",
                GROUP,
                target,
                second * 1000,
                second * 1000,
                15_000,
                false,
                "",
                List.of(increment),
                List.of(new GaugePoint(up, 1, GaugePoint.NO_TIMESTAMP)),
                List.of());
    }

    private static RequestReport request(long second) {
        Labels labels = Labels.of("model_name", "m", "project_id", "p");
        return new RequestReport(
                second, "p", labels, second * 1000, false, -1, -1, -1, 1, Double.NaN, Double.NaN, null);
    }
}

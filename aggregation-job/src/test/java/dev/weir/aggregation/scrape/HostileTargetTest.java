package dev.weir.aggregation.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.report.GaugePoint;
import dev.weir.aggregation.report.Increment;
import dev.weir.aggregation.report.OwnSeries;
import dev.weir.aggregation.report.PlainReport;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that lie, change their names between scrapes, or send nonsense. */
class HostileTargetTest {
    private static final String COUNTER = "# TYPE c_total counter\nc_total%s %s\n";

    private final TargetState state = new TargetState();
    private final Map<String, String> labels = new HashMap<>(Map.of("job", "j", "instance", "i", "namespace", "n"));
    private final PlainReport.Reader reader = new PlainReport.Reader();
    private String jobRules = "";

    @Test
    void takesNoProcessStartFromAPageOfSeveralProcesses() {
        String start = "process_start_time_seconds{pushed=\"%s\"} %s\n";
        String older = start.formatted("a", seconds(3));
        String newer = start.formatted("b", seconds(20));
        scrape(15, COUNTER.formatted("", 1000) + older);
        // The new process's line stands first now; the counter is the old one's still.
        assertEquals(1, gained(scrape(30, COUNTER.formatted("", 1001) + newer + older)));
    }

    @Test
    void goesOnCountingWhenTheTargetsLabelsChange() {
        scrape(15, COUNTER.formatted("", 1000));
        labels.put("team", "new");
        PlainReport report = scrape(30, COUNTER.formatted("", 1007));
        assertEquals(7, gained(report));
        assertEquals("new", report.increments().get(0).labels().get("team"));
    }

    @Test
    void takesNothingAsNewlyBegunWhenTheRulesChange() {
        scrape(15, COUNTER.formatted("", 1000));
        jobRules = "  metric_relabel_configs:\n  - {target_label: color, replacement: red}\n";
        assertEquals(0, gained(scrape(30, COUNTER.formatted("", 1007))));
        assertEquals(3, gained(scrape(45, COUNTER.formatted("", 1010))));
    }

    @Test
    void sumsUpSeriesThatBecomeOneWithoutMixingThemUp() {
        jobRules = "  honor_labels: true\n";
        String body = COUNTER.formatted("{namespace=\"x\",target_namespace=\"1\"}", "%d")
                + "c_total{namespace=\"x\",target_namespace=\"2\"} %d\n";
        scrape(15, body.formatted(10, 20));
        assertEquals(2, gained(scrape(30, body.formatted(11, 21))));
    }

    @Test
    void cannotForgeWhatTheJobSaysItself() {
        PlainReport report = scrape(15, """
                up 7
                weir_frontier_timestamp_seconds{partition="0"} 0
                # TYPE weir_unaccounted_increments_total counter
                weir_unaccounted_increments_total 5
                """);
        List<GaugePoint> ups = gauges(report, "up");
        assertEquals(1, ups.get(0).value());
        assertEquals(List.of(), gauges(report, "weir_frontier_timestamp_seconds"));
        assertEquals(
                1, gauges(report, "exported_weir_frontier_timestamp_seconds").size());
        assertFalse(report.increments().stream()
                .anyMatch(increment -> increment.labels().metricName().equals(OwnSeries.UNACCOUNTED)
                        && increment.labels().get("metric") == null));
    }

    @Test
    void fallsBackToTheExpiryForAbsurdIntervals() {
        assertEquals(1, reportOf(15, "g 1\n", Long.MIN_VALUE).intervalMs());
        assertEquals(1, reportOf(20, "g 1\n", 0).intervalMs());
        assertEquals(3_600_000, reportOf(30, "g 1\n", Long.MAX_VALUE).intervalMs());
    }

    @Test
    void failsAScrapeWhoseSeriesNoRecordCouldHold() {
        String wide = "a=\"" + "x".repeat(60_000) + "\"";
        StringBuilder histogram = new StringBuilder("# TYPE h histogram\n");
        for (int i = 0; i < 300; i++) {
            histogram
                    .append("h_bucket{")
                    .append(wide)
                    .append(",le=\"")
                    .append(i)
                    .append("\"} 1\n");
        }
        histogram.append("h_count{").append(wide).append("} 1\n");
        TargetStage.Result result = take(event(15, histogram.toString(), 15_000));
        assertTrue(String.valueOf(result.error()).contains("expected: at most"), result.error());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void survivesDamagedPages(int seed) {
        Random random = new Random(seed);
        String page = COUNTER.formatted("{a=\"b\"}", 5)
                + "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\nh_created 17e8\n"
                + "# TYPE s summary\ns{quantile=\"0.5\"} NaN\ns_sum 1e309\ns_count 4\nprocess_start_time_seconds 1.7e9\n"
                + "g -Inf 1700000000000\n";
        for (int scrape = 1; scrape < 400; scrape++) {
            byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
            for (int edits = random.nextInt(4); edits > 0; edits--) {
                bytes[random.nextInt(bytes.length)] = (byte) "0189-+.eNI{}\"=,# \n_abhs".charAt(random.nextInt(23));
            }
            ScrapeEvent event = event(15L * scrape, "", 15_000);
            event.setBody(ByteBuffer.wrap(bytes));
            ScrapeReport report = take(event).report();
            assertNotNull(report);
            for (Increment increment : reader.read(report).increments()) {
                for (double amount : increment.amounts()) {
                    assertTrue(amount >= 0 && amount < Double.POSITIVE_INFINITY, increment.toString());
                }
            }
        }
    }

    private static double gained(PlainReport report) {
        return report.increments().stream()
                .filter(increment -> increment.labels().metricName().equals("c_total"))
                .mapToDouble(increment -> increment.amounts()[0])
                .sum();
    }

    private static List<GaugePoint> gauges(PlainReport report, String name) {
        return report.gauges().stream()
                .filter(point -> point.labels().metricName().equals(name))
                .toList();
    }

    private PlainReport scrape(long second, String body) {
        return reportOf(second, body, 15_000);
    }

    private PlainReport reportOf(long second, String body, long intervalMs) {
        ScrapeReport report = take(event(second, body, intervalMs)).report();
        assertNotNull(report);
        return reader.read(report);
    }

    private TargetStage.Result take(ScrapeEvent event) {
        WeirConfig config = WeirConfig.parse("scrape_configs:\n- job_name: j\n" + jobRules, "weir.yml");
        return new TargetStage(config, Profiles.builtIn(), Duration.ofHours(1))
                .take(state, "t", event, event.getRequestStartMs() + 5);
    }

    private ScrapeEvent event(long second, String body, long intervalMs) {
        return ScrapeEvent.newBuilder()
                .setProject("p")
                .setJob("j")
                .setTargetUrl("http://10.0.0.1:8000/metrics")
                .setLabels(Map.copyOf(labels))
                .setScraperId("s")
                .setRequestStartMs(1_700_000_000_000L + second * 1000)
                .setRequestEndMs(1_700_000_000_005L + second * 1000)
                .setIntervalMs(intervalMs)
                .setWatchedSinceMs(1_700_000_000_000L)
                .setOutcome(ScrapeOutcome.BODY)
                .setContentType("text/plain; version=0.0.4")
                .setBody(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    private static String seconds(long second) {
        return Long.toString(1_700_000_000L + second);
    }
}

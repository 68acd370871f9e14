package dev.weir.aggregation.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.report.FamilyInfo;
import dev.weir.aggregation.report.GaugePoint;
import dev.weir.aggregation.report.Increment;
import dev.weir.aggregation.report.OwnSeries;
import dev.weir.aggregation.report.PlainReport;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What a scrape's body and its job's rules make of it. */
class TargetStageTest {
    private static final String COUNTER = "# TYPE c_total counter\nc_total%s %s\n";

    private TargetState state = new TargetState();

    @Test
    void givesSeriesTheTargetsLabelsLessTheReplicas() {
        PlainReport report = scrape("", COUNTER.formatted("{model_name=\"m\",engine=\"0\"}", 5));
        assertEquals(
                List.of("c_total{job=\"j\", model_name=\"m\", namespace=\"n\", project_id=\"p\"}"), outputs(report));
    }

    @Test
    void takesTypesFromTypeLinesAlone() {
        PlainReport report = scrape("", """
                # TYPE batch_count counter
                batch_count 1
                # TYPE odd_total gauge
                odd_total 2
                unknown_total 3
                # TYPE h_total histogram
                h_total_bucket{le="+Inf"} 4
                h_total_count 4
                h_total_sum 8
                """);
        assertEquals(List.of("batch_count", "h_total"), names(report.increments()));
        assertTrue(
                gaugeNames(report).containsAll(List.of("odd_total", "unknown_total")),
                gaugeNames(report).toString());
    }

    @Test
    void tellsMetadataOnlyWhereThePageDoes() {
        PlainReport report = scrape("", "# TYPE g gauge\ng 1\n# HELP h of something\nh 2\nuntold 3\n");
        assertEquals(
                List.of("g", "h"),
                report.families().stream().map(FamilyInfo::name).toList());
    }

    @Test
    void keepsReplicaLabelsOnGauges() {
        PlainReport report = scrape("", "# TYPE g gauge\ng{engine=\"1\"} 7\n");
        assertEquals(
                "g{engine=\"1\", instance=\"10.0.0.1:8000\", job=\"j\", namespace=\"n\", pod=\"x\", project_id=\"p\"}",
                gauge(report, "g").labels().toString());
    }

    @Test
    void exportsBodyLabelsThatTheTargetHas() {
        PlainReport report = scrape("", COUNTER.formatted("{namespace=\"other\",project_id=\"victim\"}", 5));
        assertEquals(
                List.of("c_total{exported_namespace=\"other\", exported_project_id=\"victim\", job=\"j\","
                        + " namespace=\"n\", project_id=\"p\"}"),
                outputs(report));
    }

    @Test
    void honorsBodyLabelsButNeverAProjectAndKeepsGroupsApart() {
        PlainReport report =
                scrape("  honor_labels: true\n", COUNTER.formatted("{namespace=\"other\",project_id=\"victim\"}", 5));
        assertEquals(
                List.of("c_total{exported_project_id=\"victim\", job=\"j\", namespace=\"other\", project_id=\"p\","
                        + " target_namespace=\"n\"}"),
                outputs(report));
    }

    @Test
    void relabelsSampleBySample() {
        String rules = """
                  metric_relabel_configs:
                  - {source_labels: [__name__], regex: secret.*, action: drop}
                  - {source_labels: [__name__], regex: c_total, target_label: __name__, replacement: d_total}
                  - {regex: color, action: labeldrop}
                """;
        PlainReport report =
                scrape(rules, COUNTER.formatted("{color=\"red\",a=\"b\"}", 5) + "# TYPE secret counter\nsecret 1\n");
        assertEquals(List.of("d_total{a=\"b\", job=\"j\", namespace=\"n\", project_id=\"p\"}"), outputs(report));
        assertEquals(2, gauge(report, "scrape_samples_scraped").value());
        assertEquals(1, gauge(report, "scrape_samples_post_metric_relabeling").value());
    }

    @Test
    void failsAScrapeBeyondItsLimitsAndNamesThem() {
        assertTrue(
                error("  sample_limit: 1\n", COUNTER.formatted("", 1) + "g 1\n").contains("sample_limit 1"));
        assertTrue(
                error("  label_limit: 3\n", COUNTER.formatted("{a=\"b\"}", 1)).contains("label_limit 3"));
        assertTrue(error("  label_value_length_limit: 2\n", COUNTER.formatted("{a=\"bcd\"}", 1))
                .contains("label_value_length_limit 2"));
    }

    @Test
    void reportsAFailedScrapeAsDownAndNothingElse() {
        TargetStage.Result result = take("", event("<html>busy</html>", 15).build());
        PlainReport report = assertNotNullReport(result);
        assertNotNull(result.error());
        assertEquals(0, gauge(report, "up").value());
        assertEquals(
                new TreeSet<>(List.of(
                        "scrape_duration_seconds",
                        "scrape_samples_post_metric_relabeling",
                        "scrape_samples_scraped",
                        "up")),
                gaugeNames(report));
    }

    @Test
    void keepsTheFirstOfDuplicatesAndCountsTheOthers() {
        TargetStage.Result result = take("", event("g 1\ng 2\ng 3\n", 15).build());
        assertEquals(1, gauge(assertNotNullReport(result), "g").value());
        assertEquals(2, result.duplicateSamples());
    }

    @Test
    void unpacksGzip() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("g 7\n".getBytes(StandardCharsets.UTF_8));
        }
        ScrapeEvent event = event("", 15)
                .setBody(ByteBuffer.wrap(packed.toByteArray()))
                .setContentEncoding("gzip")
                .build();
        assertEquals(7, gauge(assertNotNullReport(take("", event)), "g").value());
    }

    @Test
    void readsStartsByTheTargetsOwnClock() {
        // The target's clock is an hour behind; it says that its process began 5 s after the job was first watched.
        String body = COUNTER.formatted("", 9) + "process_start_time_seconds " + (millis(5) / 1000.0 - 3600) + "\n";
        ScrapeEvent event =
                event(body, 15).setTargetDateMs(millis(15) - 3_600_000).build();
        PlainReport report = assertNotNullReport(take("", event));
        assertEquals(9, report.increments().get(0).amounts()[0]);
    }

    @Test
    void countsWhatIsNotProvenByFamilyAndReason() {
        PlainReport report = scrape("", COUNTER.formatted("", 9));
        Increment unaccounted = report.increments().get(1);
        assertEquals(
                "weir_unaccounted_increments_total{job=\"j\", metric=\"c_total\", namespace=\"n\", project_id=\"p\","
                        + " reason=\"first_seen\"}",
                unaccounted.labels().toString());
        assertEquals(9, unaccounted.amounts()[0]);
    }

    @Test
    void splitsASummaryIntoQuantilesThatPassAndCountsThatAdd() {
        PlainReport report = scrape("", "# TYPE s summary\ns{quantile=\"0.5\"} 3\ns_sum 10\ns_count 4\n");
        assertEquals(3, gauge(report, "s").value());
        assertEquals(List.of("s"), names(report.increments()));
    }

    @Test
    void ignoresTimestampsUnlessTheJobHonorsThem() {
        String body = "g 7 " + millis(14) + "\n";
        assertEquals(millis(14), gauge(scrape("", body), "g").timestampMs());
        state = new TargetState();
        assertEquals(
                GaugePoint.NO_TIMESTAMP,
                gauge(scrape("  honor_timestamps: false\n", body), "g").timestampMs());
    }

    private PlainReport scrape(String jobRules, String body) {
        TargetStage.Result result = take(jobRules, event(body, 15).build());
        assertNull(result.error());
        return assertNotNullReport(result);
    }

    private String error(String jobRules, String body) {
        state = new TargetState();
        return String.valueOf(take(jobRules, event(body, 15).build()).error());
    }

    private TargetStage.Result take(String jobRules, ScrapeEvent event) {
        WeirConfig config = WeirConfig.parse("scrape_configs:\n- job_name: j\n" + jobRules, "weir.yml");
        return new TargetStage(config, Profiles.builtIn(), Duration.ofHours(1)).take(state, "t", event, millis(15) + 5);
    }

    private static PlainReport assertNotNullReport(TargetStage.Result result) {
        ScrapeReport report = result.report();
        assertNotNull(report);
        return new PlainReport.Reader().read(report);
    }

    private static ScrapeEvent.Builder event(String body, long second) {
        return ScrapeEvent.newBuilder()
                .setProject("p")
                .setJob("j")
                .setTargetUrl("http://10.0.0.1:8000/metrics")
                .setLabels(Map.of("job", "j", "instance", "10.0.0.1:8000", "pod", "x", "namespace", "n"))
                .setScraperId("s")
                .setRequestStartMs(millis(second))
                .setRequestEndMs(millis(second) + 5)
                .setIntervalMs(15_000)
                .setWatchedSinceMs(millis(0))
                .setOutcome(ScrapeOutcome.BODY)
                .setContentType("text/plain; version=0.0.4")
                .setBody(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static long millis(long second) {
        return 1_700_000_000_000L + second * 1000;
    }

    private static List<String> outputs(PlainReport report) {
        return report.increments().stream()
                .map(increment -> increment.labels().toString())
                .filter(text -> !text.startsWith(OwnSeries.UNACCOUNTED))
                .toList();
    }

    private static List<String> names(List<Increment> increments) {
        return increments.stream()
                .map(increment -> increment.labels().metricName())
                .filter(name -> !name.equals(OwnSeries.UNACCOUNTED))
                .toList();
    }

    private static Set<String> gaugeNames(PlainReport report) {
        return report.gauges().stream()
                .map(point -> point.labels().metricName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static GaugePoint gauge(PlainReport report, String name) {
        return report.gauges().stream()
                .filter(point -> point.labels().metricName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among "
                        + Arrays.toString(gaugeNames(report).toArray())));
    }
}

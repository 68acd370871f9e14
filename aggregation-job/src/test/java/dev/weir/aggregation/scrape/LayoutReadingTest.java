package dev.weir.aggregation.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.report.GaugePoint;
import dev.weir.aggregation.report.Increment;
import dev.weir.aggregation.report.PlainReport;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stage that knows layouts gives what one gives that parses every page; the latter is made anew for every page. */
class LayoutReadingTest {
    private static final String PAGE = """
            # HELP c_total counts
            # TYPE c_total counter
            c_total{engine="0"} %d
            c_total{engine="1"} %d
            # TYPE h histogram
            h_bucket{le="0.5"} %d
            h_bucket{le="+Inf"} %d
            h_count %d
            h_sum %d.25
            h_created 1.7e9
            # TYPE s summary
            s{quantile="0.5"} %d
            s_sum %d
            s_count %d
            # TYPE g gauge
            g{x="1"} %d
            g{x="1"} %d
            untyped %d
            process_start_time_seconds 1.7e9
            """;

    private final Stage knowing = new Stage("");
    private final Stage parsing = new Stage("");

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesTheSameWhateverHappensToThePages(int seed) {
        Random random = new Random(seed);
        String rules = seed % 3 == 0
                ? "  metric_relabel_configs:\n  - {source_labels: [engine], target_label: engine, replacement: e$1}\n"
                : seed % 3 == 1 ? "  honor_labels: true\n  sample_limit: 20\n" : "";
        Stage known = new Stage(rules);
        Stage fresh = new Stage(rules);
        long[] counts = new long[12];
        String page = PAGE;
        for (int scrape = 0; scrape < 300; scrape++) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] = random.nextInt(60) == 0 ? 0 : counts[i] + random.nextInt(3);
            }
            if (random.nextInt(15) == 0) {
                page = changed(random);
            }
            byte[] body =
                    String.format(page, Arrays.stream(counts).boxed().toArray()).getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(15) == 0) {
                body[random.nextInt(body.length)] = (byte) "0189-+.eNI{}\"=,# \n_abhs".charAt(random.nextInt(23));
            }
            ScrapeEvent event = event(scrape, body, random.nextInt(25) == 0);
            fresh.forgetLayouts(rules);
            assertEquals(fresh.take(event), known.take(event), "scrape " + scrape);
        }
        assertTrue(known.stage.parsedPages() < 150, "pages parsed: " + known.stage.parsedPages());
    }

    private static String changed(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> PAGE.replace("c_total{engine=\"1\"} %d\n", "");
            case 1 -> PAGE + "late_total 5\n# TYPE late_total counter\n";
            case 2 -> PAGE.replace("counts", "counts more");
            case 3 -> PAGE.replace("g{x=\"1\"} %d\n", "g{x=\"1\"} %d 1700000000000\n");
            case 4 -> PAGE.replace("h_bucket{le=\"0.5\"}", "h_bucket{le=\"0.25\"}");
            default -> PAGE;
        };
    }

    @Test
    void parsesEachLayoutOnce() {
        for (int scrape = 0; scrape < 20; scrape++) {
            knowing.take(event(scrape, "a 1\nb 2\n".replace("1", "" + scrape).getBytes(StandardCharsets.UTF_8), false));
        }
        assertEquals(1, knowing.stage.parsedPages());
        assertEquals(1, knowing.stage.cachedTargets());
    }

    @Test
    void choosesAnewOnEachPageTheLatestOfTwoLinesOfOneSeries() {
        for (int scrape = 0; scrape < 4; scrape++) {
            long first = scrape % 2 == 0 ? 5_000 : 4_000;
            String page = "g 1 " + (1_700_000_000_000L + first) + "\ng 2 1700000004500\n";
            ScrapeEvent event = event(scrape, page.getBytes(StandardCharsets.UTF_8), false);
            parsing.forgetLayouts("");
            assertEquals(parsing.take(event), knowing.take(event), "scrape " + scrape);
        }
    }

    @Test
    void givesASummarysQuantilesTheLatestTimeOfItsLines() {
        for (int scrape = 0; scrape < 4; scrape++) {
            String page = "# TYPE s summary\ns{quantile=\"0.5\"} 1 170000000%d000\ns_sum 3 170000000%d500\ns_count 2\n"
                    .formatted(scrape, 3 - scrape);
            ScrapeEvent event = event(scrape, page.getBytes(StandardCharsets.UTF_8), false);
            parsing.forgetLayouts("");
            assertEquals(parsing.take(event), knowing.take(event), "scrape " + scrape);
        }
    }

    private static ScrapeEvent event(int scrape, byte[] body, boolean refused) {
        long startMs = 1_700_000_010_000L + scrape * 10_000L;
        return ScrapeEvent.newBuilder()
                .setProject("p")
                .setJob("j")
                .setTargetUrl("http://10.0.0.1:8000/metrics")
                .setLabels(Map.of("job", "j", "instance", "10.0.0.1:8000", "namespace", "n"))
                .setScraperId("s")
                .setRequestStartMs(startMs)
                .setRequestEndMs(startMs + 5)
                .setIntervalMs(10_000)
                .setWatchedSinceMs(1_700_000_000_000L)
                .setOutcome(refused ? ScrapeOutcome.REFUSED : ScrapeOutcome.BODY)
                .setContentType("text/plain; version=0.0.4")
                .setBody(ByteBuffer.wrap(body))
                .build();
    }

    private static final class Stage {
        private final TargetState state = new TargetState();
        private final PlainReport.Reader reader = new PlainReport.Reader();
        private TargetStage stage;

        Stage(String rules) {
            this.stage = stage(rules);
        }

        private static TargetStage stage(String rules) {
            return new TargetStage(
                    WeirConfig.parse("scrape_configs:\n- job_name: j\n" + rules, "weir.yml"),
                    Profiles.builtIn(),
                    Duration.ofHours(1));
        }

        void forgetLayouts(String rules) {
            stage = stage(rules);
        }

        /** All that the event gives, as text. */
        List<String> take(ScrapeEvent event) {
            TargetStage.Result result = stage.take(state, "t", event, event.getRequestStartMs() + 5);
            List<String> lines = new ArrayList<>();
            lines.add(result.verdict() + " " + result.duplicateSamples() + " " + result.error());
            ScrapeReport report = result.report();
            if (report != null) {
                PlainReport plain = reader.read(report);
                for (Increment one : plain.increments()) {
                    lines.add(one.kind() + " " + one.labels() + " " + Arrays.toString(one.amounts()) + " "
                            + one.sumAmount() + " " + one.tookMs());
                }
                plain.gauges().stream().map(GaugePoint::toString).forEach(lines::add);
                plain.families().forEach(family -> lines.add(family.toString()));
            }
            return lines;
        }
    }
}

package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The alert rules of {@code deploy/prometheus}: what raises each, by Prometheus' own test of rules, and what to do then. */
class AlertRulesTest {
    private static final Path ROOT = Path.of(System.getProperty("weir.root"));
    private static final Pattern ALERT = Pattern.compile("(?m)^  - alert: (\\w+)$");
    private static final Pattern TESTED = Pattern.compile("alertname=\"(\\w+)\"");
    private static final Pattern HEADING = Pattern.compile("(?m)^### (\\w+)$");

    @Test
    void eachIsRaisedByWhatItIsForAndIsSilentBefore() throws Exception {
        Assumptions.assumeTrue(WeirProcess.onPath("promtool"), "promtool is not on the PATH");
        Path tests = ROOT.resolve("e2e-tests/src/test/resources/alerts/weir.test.yml");
        Process promtool = new ProcessBuilder("promtool", "test", "rules", tests.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(promtool.waitFor(60, TimeUnit.SECONDS), "promtool ends");
        assertEquals(0, promtool.exitValue(), said);
        assertEquals(alerts(), found(TESTED, Files.readString(tests)));
    }

    @Test
    void theRunbookSaysWhatToDoAboutEach() throws IOException {
        assertEquals(alerts(), found(HEADING, Files.readString(ROOT.resolve("docs/operations.md"))));
    }

    /** Flink's reporter makes flink_taskmanager_job_task_operator_weir_x of the jobs' weir_x. */
    @Test
    void whoeverScrapesFlinksReporterIsToldHowTheRulesNamesComeAbout() throws IOException {
        Pattern rule = Pattern.compile("regex: '(flink_[^']+)', target");
        for (String file :
                List.of("deploy/compose/prometheus.yml", "deploy/kubernetes/pod-monitors.yaml", "docs/operations.md")) {
            Matcher renames = rule.matcher(Files.readString(ROOT.resolve(file)));
            assertTrue(renames.find(), file);
            Pattern names = Pattern.compile(renames.group(1));
            Matcher own = names.matcher("flink_taskmanager_job_task_operator_verdict_weir_scrapes_total");
            assertTrue(own.matches(), file);
            assertEquals("weir_scrapes_total", own.group(1));
            assertFalse(names.matcher("flink_jobmanager_job_runningTime").matches(), file);
        }
    }

    private static Set<String> alerts() throws IOException {
        Set<String> alerts = new TreeSet<>();
        for (String file : List.of("weir-processes.rules.yml", "weir-results.rules.yml")) {
            alerts.addAll(found(
                    ALERT, Files.readString(ROOT.resolve("deploy/prometheus").resolve(file))));
        }
        assertFalse(alerts.isEmpty());
        return alerts;
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}

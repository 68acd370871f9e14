package dev.weir.aggregation.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ScrapeProblemsTest {
    private static final String TARGET = "default\nvllm\nhttp://10.0.0.1:8000/metrics";

    private Instant now = Instant.ofEpochSecond(1_700_000_000);
    private final ScrapeProblems problems = new ScrapeProblems(() -> now);

    @Test
    void saysAProblemWhenItBeginsAndWhenItEnds() {
        assertNull(problems.line(TARGET, null));
        assertEquals(
                "Scrape of default vllm http://10.0.0.1:8000/metrics: refused: connection refused",
                problems.line(TARGET, "refused: connection refused"));
        assertNull(problems.line(TARGET, "refused: connection refused"));
        assertEquals(
                "Scrape of default vllm http://10.0.0.1:8000/metrics: well again, after 2 scrapes",
                problems.line(TARGET, null));
        assertNull(problems.line(TARGET, null));
        assertNotNull(problems.line(TARGET, "timed_out"));
    }

    @Test
    void saysWhatAProblemTurnsInto() {
        assertNotNull(problems.line(TARGET, "timed_out: no complete answer in 1000 ms"));
        assertNotNull(problems.line(TARGET, "failed: status 500"));
        assertNull(problems.line(TARGET, "failed: status 503"));
        assertEquals(
                "Scrape of default vllm http://10.0.0.1:8000/metrics: well again, after 3 scrapes",
                problems.line(TARGET, null));
    }

    @Test
    void saysEveryTargetsProblem() {
        assertNotNull(problems.line("a", "refused"));
        assertNotNull(problems.line("b", "refused"));
    }

    @Test
    void limitsItsLinesAndCountsThoseLeftOut() {
        for (int i = 0; i < ScrapeProblems.MAX_LINES; i++) {
            assertNotNull(problems.line("target " + i, "refused"));
        }
        assertNull(problems.line("one more", "refused"));
        assertNull(problems.line("and another", "refused"));
        now = now.plus(ScrapeProblems.PERIOD);
        assertEquals(
                "Scrape of late: refused (2 lines about other scrapes left out before)",
                problems.line("late", "refused"));
        assertEquals("Scrape of later: refused", problems.line("later", "refused"));
    }
}

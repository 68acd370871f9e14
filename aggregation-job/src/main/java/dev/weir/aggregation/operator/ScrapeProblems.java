package dev.weir.aggregation.operator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the log says about scrapes that have a problem: a line when it begins, a line when it ends, and in between nothing,
 * since counters tell how often. Remembers at most {@link #MAX_TARGETS} targets and gives at most {@link #MAX_LINES} lines
 * a {@link #PERIOD}; the next one then says how many were left out. Not safe for use by several threads.
 */
final class ScrapeProblems {
    /** Beyond it the target with the oldest scrape is forgotten, and its problem said again. */
    static final int MAX_TARGETS = 10_000;

    static final int MAX_LINES = 60;
    static final Duration PERIOD = Duration.ofMinutes(1);

    private final InstantSource clock;
    /** Scrapes with a problem, one after the other, by target. */
    private final Map<String, Long> troubled = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_TARGETS;
        }
    };

    private Instant periodEnd = Instant.MIN;
    private int lines;
    private long leftOut;

    ScrapeProblems(InstantSource clock) {
        this.clock = clock;
    }

    /** The line to log after a scrape of {@code target}, null for none; {@code problem} is null if all was well. */
    @Nullable
    String line(String target, @Nullable String problem) {
        if (problem != null) {
            return troubled.merge(target, 1L, Long::sum) == 1 ? limited(readable(target) + ": " + problem) : null;
        }
        Long scrapes = troubled.remove(target);
        return scrapes == null
                ? null
                : limited(
                        readable(target) + ": well again, after " + scrapes + (scrapes == 1 ? " scrape" : " scrapes"));
    }

    private @Nullable String limited(String line) {
        Instant now = clock.instant();
        if (!now.isBefore(periodEnd)) {
            periodEnd = now.plus(PERIOD);
            lines = 0;
        }
        if (lines == MAX_LINES) {
            leftOut++;
            return null;
        }
        lines++;
        String suffix = leftOut == 0 ? "" : " (" + leftOut + " lines about other scrapes left out before)";
        leftOut = 0;
        return line + suffix;
    }

    private static String readable(String target) {
        return "Scrape of " + target.replace('\n', ' ');
    }
}

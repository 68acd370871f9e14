package dev.weir.aggregation.operator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the log says about scrapes that have a problem: a line when it begins or becomes one of another kind, a line when it
 * ends, and in between nothing, since counters tell how often. Remembers at most {@link #MAX_TARGETS} targets and gives at most {@link #MAX_LINES} lines
 * a {@link #PERIOD}; the next one then says how many were left out. Not safe for use by several threads.
 */
final class ScrapeProblems {
    /** Beyond it the target with the oldest scrape is forgotten, and its problem said again. */
    static final int MAX_TARGETS = 10_000;

    static final int MAX_LINES = 60;
    static final Duration PERIOD = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Map<String, Trouble> troubled = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Trouble> eldest) {
            return size() > MAX_TARGETS;
        }
    };

    private Instant periodEnd = Instant.MIN;
    private int lines;
    private long leftOut;

    /**
     * Scrapes of one target with a problem, one after the other.
     *
     * @param kind the newest problem up to its first colon
     */
    private record Trouble(long scrapes, String kind) {}

    ScrapeProblems(InstantSource clock) {
        this.clock = clock;
    }

    /** The line to log after a scrape of {@code target}, null for none; {@code problem} is null if all was well. */
    @Nullable
    String line(String target, @Nullable String problem) {
        if (problem != null) {
            Trouble former = troubled.get(target);
            String kind = problem.split(":", 2)[0];
            troubled.put(target, new Trouble(former == null ? 1 : former.scrapes + 1, kind));
            return former != null && former.kind.equals(kind) ? null : limited(readable(target) + ": " + problem);
        }
        Trouble ended = troubled.remove(target);
        return ended == null
                ? null
                : limited(readable(target) + ": well again, after " + ended.scrapes
                        + (ended.scrapes == 1 ? " scrape" : " scrapes"));
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

package dev.weir.e2e.churn;

import dev.weir.schemas.ScrapeOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One scrape of one target as its event tells it, with its page already read. Times are ms since the epoch.
 *
 * @param group the {@code pipeline_name} of the target
 * @param target its pod
 * @param scraper who scraped
 * @param requestMs by the scraper's clock
 * @param appendMs by the broker's
 * @param intervalMs the target's
 * @param watchedSinceMs by the scraper's clock
 * @param dateMs the target's clock, if it told
 * @param outcome what came back
 * @param processStartMs by the target's clock, if the page tells
 * @param lines of the page
 * @param last whether it is the process's last word
 */
record Watched(
        String group,
        String target,
        String scraper,
        long requestMs,
        long appendMs,
        long intervalMs,
        long watchedSinceMs,
        @Nullable Long dateMs,
        ScrapeOutcome outcome,
        @Nullable Long processStartMs,
        List<Line> lines,
        boolean last) {

    /** Bounds of every histogram, as they are written. */
    static final List<String> BOUNDS = List.of("0.1", "1.0", "+Inf");

    /**
     * A counter, or a histogram if it has a value for each of {@link #BOUNDS}.
     *
     * @param name of the family
     * @param code value of its one label
     * @param values a counter's one value, or a histogram's cumulative counts
     * @param sum of a histogram
     * @param createdMs by the target's clock, if the page tells
     */
    record Line(
            String name,
            int code,
            List<Double> values,
            double sum,
            @Nullable Long createdMs) {
        boolean isCounter() {
            return values.size() == 1;
        }
    }

    Watched appendedAt(long ms) {
        return new Watched(
                group,
                target,
                scraper,
                requestMs,
                ms,
                intervalMs,
                watchedSinceMs,
                dateMs,
                outcome,
                processStartMs,
                lines,
                last);
    }
}

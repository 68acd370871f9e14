package dev.weir.aggregation.increment;

import java.util.Arrays;

/** What is remembered of one cumulative series between scrapes. */
final class SeriesMemory {
    /** Values of the newest scrape that had the series. */
    double[] cumulative;

    double sum;
    long createdMs;
    /** Hash of the bucket bounds, so that a changed layout is noticed. */
    int layout;
    /** Broker time of the newest scrape that had the series. */
    long lastSeenMs;

    SeriesMemory(double[] cumulative, double sum, long createdMs, int layout, long lastSeenMs) {
        this.cumulative = cumulative;
        this.sum = sum;
        this.createdMs = createdMs;
        this.layout = layout;
        this.lastSeenMs = lastSeenMs;
    }

    static SeriesMemory of(CumulativeSample sample, long appendMs) {
        return new SeriesMemory(sample.cumulative(), sample.sum(), sample.createdMs(), layoutOf(sample), appendMs);
    }

    static int layoutOf(CumulativeSample sample) {
        return Arrays.hashCode(sample.upperBounds());
    }

    void update(CumulativeSample sample, long appendMs) {
        cumulative = sample.cumulative();
        sum = sample.sum();
        if (sample.createdMs() != ScrapeFacts.UNKNOWN) {
            createdMs = sample.createdMs();
        }
        layout = layoutOf(sample);
        lastSeenMs = appendMs;
    }

    boolean isAboveAnyOf(CumulativeSample sample) {
        for (int i = 0; i < cumulative.length; i++) {
            if (sample.cumulative()[i] < cumulative[i]) {
                return true;
            }
        }
        return false;
    }

    SeriesMemory copy() {
        return new SeriesMemory(cumulative.clone(), sum, createdMs, layout, lastSeenMs);
    }
}

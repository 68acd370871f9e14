package dev.weir.aggregation.increment;

import java.util.Locale;

/** Takes what {@link IncrementRules} finds, once for each usable sample of an accepted scrape. */
public interface IncrementSink {
    /**
     * The series moved on.
     *
     * @param index of the sample in the scrape
     * @param amounts a counter's increment, or a histogram's per single bucket; none negative; valid
     *     during the call
     * @param sumAmount increment of the histogram's sum; NaN if it has none
     * @param tookMs how long the increment took, for its release
     * @param reset whether the series began anew
     */
    void moved(int index, double[] amounts, double sumAmount, long tookMs, boolean reset);

    /**
     * So many series began anew; what they gained since, proven or not, is told besides.
     *
     * @param series above 0
     */
    void reset(int series, Reset reason);

    /** The series did not move; reported only now and then, to tell that it is alive. */
    void alive(int index);

    /**
     * The series starts from its present value, since nothing proves when it began.
     *
     * @param unaccounted events that may have happened while nobody looked
     */
    void baseline(int index, double unaccounted, Baseline reason);

    /** What showed that a series began anew. */
    enum Reset {
        /** A counter, a bucket or a count fell. */
        VALUE_DROPPED,
        /** Another created time. */
        CREATED_CHANGED,
        /** Another process start: all series of the former process ended. */
        PROCESS_RESTARTED;

        /** The reason as a label value. */
        public String labelValue() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why an increment is not proven. */
    enum Baseline {
        /** First sight, and no proof that the series began after the last look. */
        FIRST_SEEN,
        /** Another process answers under the target's name, and it is older than the last look. */
        OLDER_PROCESS,
        /** The histogram's bounds changed while its process went on. */
        LAYOUT_CHANGED;

        /** The reason as a label value. */
        public String labelValue() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

package dev.weir.aggregation.increment;

import java.util.Arrays;

/**
 * The common case, as loops over arrays: the scrape has the series of the one before, in the same order, and none of them
 * began anew. Everything else is left to {@link IncrementRules}, series by series, which gives the same where both apply.
 * Not safe for use by several threads.
 */
final class SteadyAdvance {
    private static final int MOST_KEPT = 256;

    /** Arrays to give to the sink, by their length. */
    private final double[][] gains = new double[MOST_KEPT][];

    /**
     * Moves the store on to the scrape and tells the sink, or does nothing.
     *
     * @param reportAll whether series that did not move are told as alive
     * @return whether it was the common case
     */
    boolean take(SeriesStore store, CumulativeScrape scrape, long tookMs, boolean reportAll, IncrementSink sink) {
        SeriesColumns columns = scrape.columns;
        if (!columns.distinct() || !columns.sameAs(store.columns)) {
            return false;
        }
        if (!onlyRises(store.cumulative, scrape.cumulative) || !sameStarts(store, scrape)) {
            return false;
        }
        // The scrape's columns are those of its layout, which scrapes to come will have too.
        store.columns = columns;
        for (int i = 0; i < columns.size(); i++) {
            if (!advance(store, scrape, i, tookMs, sink) && reportAll) {
                sink.alive(i);
            }
        }
        System.arraycopy(scrape.cumulative, 0, store.cumulative, 0, store.cumulative.length);
        for (int i = 0; i < columns.size(); i++) {
            if (!Double.isNaN(scrape.sums[i])) {
                store.sums[i] = scrape.sums[i];
            }
            if (scrape.createdMs != null && scrape.createdMs[i] != ScrapeFacts.UNKNOWN) {
                noteStart(store, i, scrape.createdMs[i]);
            }
        }
        return true;
    }

    /** Whether every value is usable and not below the one before, which was. */
    private static boolean onlyRises(double[] before, double[] now) {
        for (int i = 0; i < now.length; i++) {
            if (!(now[i] >= before[i] && now[i] < Double.POSITIVE_INFINITY)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameStarts(SeriesStore store, CumulativeScrape scrape) {
        if (scrape.createdMs == null || store.createdMs == null) {
            return true;
        }
        for (int i = 0; i < scrape.createdMs.length; i++) {
            if (!ScrapeFacts.sameStart(scrape.createdMs[i], store.createdMs[i])) {
                return false;
            }
        }
        return true;
    }

    private static void noteStart(SeriesStore store, int series, long createdMs) {
        if (store.createdMs == null) {
            store.createdMs = new long[store.columns.size()];
            Arrays.fill(store.createdMs, ScrapeFacts.UNKNOWN);
        }
        store.createdMs[series] = createdMs;
    }

    private boolean advance(SeriesStore store, CumulativeScrape scrape, int series, long tookMs, IncrementSink sink) {
        int from = scrape.columns.start(series);
        int to = scrape.columns.end(series);
        double sum = scrape.sums[series];
        double knownSum = store.sums[series];
        boolean histogram = scrape.columns.isHistogram(series);
        boolean sumMoved = histogram && sum != knownSum && !Double.isNaN(sum);
        if (!sumMoved && Arrays.mismatch(scrape.cumulative, from, to, store.cumulative, from, to) < 0) {
            return false;
        }
        double[] gained = gains(to - from);
        boolean moved = sumMoved;
        for (int i = from; i < to; i++) {
            gained[i - from] = scrape.cumulative[i] - store.cumulative[i];
            moved |= gained[i - from] != 0;
        }
        if (moved) {
            if (histogram) {
                toSingles(gained);
            }
            sink.moved(series, gained, sumGained(sum, knownSum), tookMs, false);
        }
        return moved;
    }

    /** Of a sum that was not told before nobody knows since when it grew. */
    static double sumGained(double sum, double knownSum) {
        return Double.isNaN(knownSum) ? sum * 0 : sum - knownSum;
    }

    /** From what was gained at or below each bound to what each single bucket gained, none negative. */
    static void toSingles(double[] gained) {
        CumulativeScrape.lowerToMonotone(gained, 0, gained.length);
        for (int i = gained.length - 1; i > 0; i--) {
            gained[i] -= gained[i - 1];
        }
    }

    private double[] gains(int length) {
        if (length >= MOST_KEPT) {
            return new double[length];
        }
        if (gains[length] == null) {
            gains[length] = new double[length];
        }
        return gains[length];
    }
}

package dev.weir.aggregation.increment;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All cumulative series of one scrape, as columns. Histograms' counts that fall towards higher bounds (a torn read) are
 * lowered to what the higher bound says, and a sum that is infinite is none.
 */
@SuppressWarnings("ImmutableMemberCollection") // Arrays of one scrape, made once and read once.
public final class CumulativeScrape {
    /** Of a scrape that brought nothing. */
    public static final CumulativeScrape NONE =
            new CumulativeScrape(SeriesColumns.NONE, new double[0], new double[0], null);

    final SeriesColumns columns;
    final double[] cumulative;
    final double[] sums;
    final long @Nullable [] createdMs;

    /**
     * @param cumulative as wide as the columns, each series' as {@link CumulativeSample#cumulative}; kept and changed
     * @param sums one for each series, as {@link CumulativeSample#sum}; kept and changed
     * @param createdMs one for each series, as {@link CumulativeSample#createdMs}; null if all are unknown; kept
     */
    public CumulativeScrape(SeriesColumns columns, double[] cumulative, double[] sums, long @Nullable [] createdMs) {
        this.columns = columns;
        this.cumulative = cumulative;
        this.sums = sums;
        this.createdMs = createdMs;
        for (int i = 0; i < columns.size(); i++) {
            if (columns.isHistogram(i)) {
                lowerToMonotone(cumulative, columns.start(i), columns.end(i));
                sums[i] = Double.isFinite(sums[i]) ? sums[i] : Double.NaN;
            }
        }
    }

    /** The samples as columns. */
    public static CumulativeScrape of(List<CumulativeSample> samples) {
        SeriesColumns columns = SeriesColumns.of(samples);
        double[] cumulative = new double[columns.width()];
        for (int i = 0; i < samples.size(); i++) {
            double[] values = samples.get(i).cumulative();
            System.arraycopy(values, 0, cumulative, columns.start(i), values.length);
        }
        return new CumulativeScrape(
                columns,
                cumulative,
                samples.stream().mapToDouble(CumulativeSample::sum).toArray(),
                samples.stream().mapToLong(CumulativeSample::createdMs).toArray());
    }

    public SeriesColumns columns() {
        return columns;
    }

    public boolean hasSum(int series) {
        return !Double.isNaN(sums[series]);
    }

    long createdMs(int series) {
        return createdMs == null ? ScrapeFacts.UNKNOWN : createdMs[series];
    }

    /** One series by itself. */
    CumulativeSample sample(int series) {
        return new CumulativeSample(
                columns.id(series),
                columns.layout(series),
                Arrays.copyOfRange(cumulative, columns.start(series), columns.end(series)),
                sums[series],
                createdMs(series));
    }

    /** Takes from each value what exceeds a later one, so that the last value, the total, is always kept. */
    static void lowerToMonotone(double[] values, int from, int to) {
        for (int i = to - 2; i >= from; i--) {
            values[i] = Math.min(values[i], values[i + 1]);
        }
    }
}

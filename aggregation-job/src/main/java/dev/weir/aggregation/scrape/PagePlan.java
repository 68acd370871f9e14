package dev.weir.aggregation.scrape;

import dev.weir.aggregation.increment.CumulativeSample;
import dev.weir.aggregation.increment.CumulativeScrape;
import dev.weir.aggregation.increment.ScrapeFacts;
import dev.weir.aggregation.increment.SeriesColumns;
import dev.weir.aggregation.report.FamilyInfo;
import dev.weir.aggregation.report.GaugePoint;
import dev.weir.aggregation.report.GaugeValues;
import dev.weir.aggregation.report.Telling;
import dev.weir.exposition.layout.LineValues;
import dev.weir.series.FloatHistogram;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of a target's page mean, found once for all pages of a layout: which of them make up which series, under
 * which labels they leave, within the job's limits and after its relabelling. Immutable.
 */
final class PagePlan {
    private static final int NONE = -1;
    private static final double MS_PER_SECOND = 1000;

    final Telling telling;
    final long shape;
    final List<FamilyInfo> families;
    final PageCounts counts;
    /** Native histograms, of this one page, by the index of their classic part. */
    final Map<Integer, FloatHistogram> natives;

    private final SeriesColumns columns;
    /** Line of each cumulative value, sum and created time; the latter null if there are none. */
    private final int[] valueLines;

    private final int[] sumLines;
    private final int @Nullable [] createdLines;
    /** Of the gauges that stand in the telling behind those about the scrape itself. */
    private final int[] gaugeLines;

    private final boolean timed;
    /** Times of the gauges of this one page, where they are not those of their lines; else null. */
    private final long @Nullable [] joinedTimesMs;

    private final int[] processStartLines;
    /** Gauges that are 1 on every such page, behind all others. */
    private final int constantGauges;

    /**
     * @param scraped lines of the page
     * @param kept lines after relabelling
     * @param duplicates lines left out because another one of the same series counts
     * @param nativesLeftOut native histograms that do not add up
     */
    record PageCounts(int scraped, int kept, int duplicates, int nativesLeftOut) {}

    /**
     * @param page collected from numbered lines
     * @param constantGauges how many gauges at the end of the telling are 1, and no line's
     */
    PagePlan(Telling telling, List<FamilyInfo> families, PageCounts counts, SeriesCollector page, int constantGauges) {
        this.constantGauges = constantGauges;
        this.telling = telling;
        this.shape = telling.shape();
        this.families = families;
        this.counts = counts;
        this.natives = Map.copyOf(page.natives);
        List<CumulativeSample> samples = page.samples;
        this.columns = SeriesColumns.of(samples);
        this.valueLines = samples.stream()
                .flatMapToInt(sample -> Arrays.stream(sample.cumulative()).mapToInt(line -> (int) line))
                .toArray();
        this.sumLines = samples.stream()
                .mapToInt(sample -> Double.isNaN(sample.sum()) ? NONE : (int) sample.sum())
                .toArray();
        int[] created = samples.stream()
                .mapToInt(sample -> sample.createdMs() == ScrapeFacts.UNKNOWN
                        ? NONE
                        : (int) (sample.createdMs() / (long) MS_PER_SECOND))
                .toArray();
        this.createdLines = Arrays.stream(created).allMatch(line -> line == NONE) ? null : created;
        this.gaugeLines =
                page.gauges.stream().mapToInt(gauge -> (int) gauge.value()).toArray();
        this.timed = page.gauges.stream().anyMatch(gauge -> gauge.timestampMs() != GaugePoint.NO_TIMESTAMP);
        this.joinedTimesMs = page.joinedTimes
                ? page.gauges.stream().mapToLong(GaugePoint::timestampMs).toArray()
                : null;
        this.processStartLines =
                page.processStarts.stream().mapToInt(Double::intValue).toArray();
    }

    /** Whether the plan holds for other pages of {@code values}' layout. */
    boolean isRepeatable(LineValues values) {
        // Native histograms are values, not numbers of lines; of lines of one series the latest counts, which that is
        // may change.
        return joinedTimesMs == null && natives.isEmpty() && !(values.timed() && counts.duplicates() > 0);
    }

    CumulativeScrape cumulative(LineValues values) {
        double[] cumulative = new double[valueLines.length];
        for (int i = 0; i < cumulative.length; i++) {
            cumulative[i] = values.value(valueLines[i]);
        }
        double[] sums = new double[sumLines.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sumLines[i] == NONE ? Double.NaN : values.value(sumLines[i]);
        }
        long[] createdMs = createdLines == null ? null : new long[createdLines.length];
        for (int i = 0; createdLines != null && createdMs != null && i < createdMs.length; i++) {
            double seconds = createdLines[i] == NONE ? Double.NaN : values.value(createdLines[i]);
            createdMs[i] = Double.isFinite(seconds) ? Math.round(seconds * MS_PER_SECOND) : ScrapeFacts.UNKNOWN;
        }
        return new CumulativeScrape(columns, cumulative, sums, createdMs);
    }

    /** All values that pass through, {@code first} those about the scrape itself. */
    GaugeValues gauges(LineValues values, double[] first) {
        double[] gauges = Arrays.copyOf(first, first.length + gaugeLines.length + constantGauges);
        Arrays.fill(gauges, first.length + gaugeLines.length, gauges.length, 1);
        for (int i = 0; i < gaugeLines.length; i++) {
            gauges[first.length + i] = values.value(gaugeLines[i]);
        }
        if (!timed || !values.timed()) {
            return new GaugeValues(gauges, null);
        }
        long[] timestampsMs = new long[gauges.length];
        Arrays.fill(timestampsMs, GaugePoint.NO_TIMESTAMP);
        for (int i = 0; i < gaugeLines.length; i++) {
            timestampsMs[first.length + i] =
                    joinedTimesMs == null ? values.timestampMs(gaugeLines[i]) : joinedTimesMs[i];
        }
        return new GaugeValues(gauges, timestampsMs);
    }

    /** Start of the one process whose page it is; unknown if the page is of several or does not say. */
    long processStartMs(LineValues values) {
        long startMs = ScrapeFacts.UNKNOWN;
        for (int line : processStartLines) {
            double seconds = values.value(line);
            if (seconds > 0) {
                long oneMs = Math.round(seconds * MS_PER_SECOND);
                if (startMs != ScrapeFacts.UNKNOWN && startMs != oneMs) {
                    return ScrapeFacts.UNKNOWN;
                }
                startMs = oneMs;
            }
        }
        return startMs;
    }
}

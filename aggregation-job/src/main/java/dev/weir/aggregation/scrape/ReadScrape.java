package dev.weir.aggregation.scrape;

import dev.weir.aggregation.increment.CumulativeScrape;
import dev.weir.aggregation.increment.ScrapeFacts;
import dev.weir.aggregation.report.FamilyInfo;
import dev.weir.aggregation.report.GaugeValues;
import dev.weir.series.FloatHistogram;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One scrape event, read.
 *
 * @param plan what the numbers mean; null if the scrape failed
 * @param gauges values that pass through, those about the scrape itself included
 * @param error why the scrape counts as failed; null if it succeeded
 */
record ReadScrape(
        ScrapeFacts facts,
        KnownTarget target,
        @Nullable PagePlan plan,
        CumulativeScrape cumulative,
        GaugeValues gauges,
        @Nullable String error) {
    List<FamilyInfo> families() {
        return plan == null ? List.of() : plan.families;
    }

    /** Native histograms by the index of the cumulative series that is their classic part. */
    Map<Integer, FloatHistogram> natives() {
        return plan == null ? Map.of() : plan.natives;
    }

    /** Native histograms that do not add up. */
    int nativesLeftOut() {
        return plan == null ? 0 : plan.counts.nativesLeftOut();
    }

    /** Lines left out because another one of the same series counts. */
    int duplicateSamples() {
        return plan == null ? 0 : plan.counts.duplicates();
    }
}

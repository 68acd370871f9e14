package dev.weir.aggregation.scrape;

import dev.weir.aggregation.group.FamilyInfo;
import dev.weir.aggregation.group.GaugeValues;
import dev.weir.aggregation.increment.CumulativeScrape;
import dev.weir.aggregation.increment.ScrapeFacts;
import java.util.List;
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

    /** Lines left out because another one of the same series counts. */
    int duplicateSamples() {
        return plan == null ? 0 : plan.counts.duplicates();
    }
}

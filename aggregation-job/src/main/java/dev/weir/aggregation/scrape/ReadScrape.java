package dev.weir.aggregation.scrape;

import dev.weir.aggregation.group.FamilyInfo;
import dev.weir.aggregation.group.GaugePoint;
import dev.weir.aggregation.increment.CumulativeSample;
import dev.weir.aggregation.increment.ScrapeFacts;
import dev.weir.series.Labels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One scrape event, read.
 *
 * @param samples of cumulative series, in the order of {@code outputs}
 * @param outputs where each sample's increment goes
 * @param gauges values that pass through, those about the scrape itself included
 * @param duplicateSamples lines left out because another one of the same series counts
 * @param error why the scrape counts as failed; null if it succeeded
 */
record ReadScrape(
        ScrapeFacts facts,
        Labels group,
        List<CumulativeSample> samples,
        List<OutputSeries> outputs,
        List<GaugePoint> gauges,
        List<FamilyInfo> families,
        int duplicateSamples,
        @Nullable String error) {}

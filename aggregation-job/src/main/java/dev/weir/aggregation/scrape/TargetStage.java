package dev.weir.aggregation.scrape;

import dev.weir.aggregation.group.Increment;
import dev.weir.aggregation.group.ScrapeReport;
import dev.weir.aggregation.group.SeriesKind;
import dev.weir.aggregation.increment.IncrementRules;
import dev.weir.aggregation.increment.IncrementRules.Verdict;
import dev.weir.aggregation.increment.IncrementSink;
import dev.weir.aggregation.increment.TargetMemory;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.series.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From one scrape event of a target to what its group gains. Not safe for use by several threads. */
public final class TargetStage {
    /** Counts, per group, family and reason, what increments may have been missed because no start was proven. */
    public static final String UNACCOUNTED = "weir_unaccounted_increments_total";

    private final ScrapeReader reader;
    private final IncrementRules rules;

    public TargetStage(WeirConfig config, Duration expiry) {
        this.reader = new ScrapeReader(config, expiry);
        this.rules = new IncrementRules(expiry);
    }

    /** Identity of the event's target, by which its scrapes stay in order. */
    public static String target(ScrapeEvent event) {
        return ScrapeReader.target(event);
    }

    /**
     * @param report null unless the verdict is ACCEPTED
     * @param duplicateSamples lines left out because another one of the same series counts
     * @param error why the scrape counts as failed; null if it succeeded
     */
    public record Result(
            Verdict verdict,
            @Nullable ScrapeReport report,
            int duplicateSamples,
            @Nullable String error) {}

    /** Takes the event into {@code memory}. */
    public Result take(TargetMemory memory, ScrapeEvent event, long appendMs) {
        ReadScrape scrape = reader.read(event, appendMs);
        Collector collector = new Collector(scrape);
        Verdict verdict = rules.apply(memory, scrape.facts(), scrape.samples(), collector);
        if (verdict != Verdict.ACCEPTED) {
            return new Result(verdict, null, scrape.duplicateSamples(), scrape.error());
        }
        ScrapeReport report = new ScrapeReport(
                event.getProject(),
                scrape.group(),
                target(event),
                appendMs,
                Math.min(event.getRequestStartMs(), appendMs),
                scrape.facts().intervalMs(),
                event.getLastWord(),
                collector.increments,
                scrape.gauges(),
                memory.reportedAllAt(appendMs) ? scrape.families() : List.of());
        return new Result(verdict, report, scrape.duplicateSamples(), scrape.error());
    }

    private static final class Collector implements IncrementSink {
        private final ReadScrape scrape;
        final List<Increment> increments = new ArrayList<>();

        Collector(ReadScrape scrape) {
            this.scrape = scrape;
        }

        @Override
        public void moved(int index, double[] amounts, double sumAmount, long tookMs, boolean reset) {
            add(index, amounts, sumAmount, tookMs);
        }

        @Override
        public void alive(int index) {
            add(index, new double[scrape.samples().get(index).cumulative().length], Double.NaN, 0);
        }

        @Override
        public void baseline(int index, double unaccounted, Baseline reason) {
            double noSum = Double.isNaN(scrape.samples().get(index).sum()) ? Double.NaN : 0;
            add(index, new double[scrape.samples().get(index).cumulative().length], noSum, 0);
            if (unaccounted > 0) {
                Labels labels = scrape.group().toBuilder()
                        .set(Labels.METRIC_NAME, UNACCOUNTED)
                        .set("metric", scrape.outputs().get(index).labels().metricName())
                        .set("reason", reason.labelValue())
                        .build();
                increments.add(
                        new Increment(SeriesKind.COUNTER, labels, null, new double[] {unaccounted}, Double.NaN, 0));
            }
        }

        private void add(int index, double[] amounts, double sumAmount, long tookMs) {
            OutputSeries output = scrape.outputs().get(index);
            increments.add(new Increment(output.kind(), output.labels(), output.layout(), amounts, sumAmount, tookMs));
        }
    }
}

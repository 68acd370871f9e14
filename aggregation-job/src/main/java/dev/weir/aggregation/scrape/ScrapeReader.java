package dev.weir.aggregation.scrape;

import dev.weir.aggregation.group.GaugePoint;
import dev.weir.aggregation.increment.ScrapeFacts;
import dev.weir.configuration.WeirConfig;
import dev.weir.exposition.Assembly;
import dev.weir.exposition.Exposition;
import dev.weir.exposition.SeriesAssembler;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.series.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads scrape events by the rules of their jobs. Not safe for use by several threads. */
final class ScrapeReader {
    /** Clocks that disagree by no more are taken as one; the Date header has a second's resolution. */
    private static final long CLOCK_TOLERANCE_MS = 2_000;

    private final long expiryMs;
    private final Set<String> replicaLabels;
    /** Of the configured jobs; a fleet's own producers may name any number of others. */
    private final Map<String, JobRules> rulesByJob = new HashMap<>();

    ScrapeReader(WeirConfig config, Duration expiry) {
        this.expiryMs = expiry.toMillis();
        config.scrapeConfigs().forEach(job -> rulesByJob.put(job.jobName(), JobRules.of(job)));
        this.replicaLabels = Set.copyOf(config.aggregation().replicaLabels());
    }

    /** Identity of the event's target. */
    static String target(ScrapeEvent event) {
        return event.getProject() + '\n' + event.getJob() + '\n' + event.getTargetUrl();
    }

    /** Reads the event; never fails: what cannot be used is a failed scrape. */
    ReadScrape read(ScrapeEvent event, long appendMs) {
        JobRules rules = rulesByJob.getOrDefault(event.getJob(), JobRules.DEFAULT);
        TargetLabels labels = new TargetLabels(event, replicaLabels, rules.honorLabels());
        boolean relabels = !rules.metricRelabelConfigs().isEmpty();
        SeriesCollector collector = new SeriesCollector(labels, relabels, rules.honorTimestamps(), replicaLabels);
        int scraped = 0;
        int kept = 0;
        int duplicates = 0;
        String error = event.getOutcome() == ScrapeOutcome.BODY ? null : describe(event);
        if (error == null) {
            try {
                Exposition exposition = BodyReader.parse(event, rules.fallback());
                scraped = exposition.sampleCount();
                if (relabels) {
                    exposition = BodyReader.relabel(exposition, labels, rules.metricRelabelConfigs());
                }
                kept = exposition.sampleCount();
                BodyReader.check(
                        rules.limits(),
                        exposition,
                        relabels ? 0 : labels.target().size());
                Assembly assembly = SeriesAssembler.assemble(exposition);
                duplicates = assembly.duplicateSamples();
                collector.collect(assembly);
            } catch (RejectedScrapeException e) {
                error = e.getMessage();
                collector = new SeriesCollector(labels, relabels, rules.honorTimestamps(), replicaLabels);
            }
        }
        // Relabelled series are known by labels that the target's and the rules have a part in.
        long naming = relabels
                ? Fingerprint.of(rules.metricRelabelConfigs().toString(), labels.target())
                : ScrapeFacts.UNKNOWN;
        List<GaugePoint> gauges = scrapeGauges(labels, event, error == null, scraped, kept);
        gauges.addAll(collector.gauges);
        return new ReadScrape(
                facts(event, appendMs, error, collector.processStartMs, naming),
                labels.group(),
                collector.samples,
                collector.outputs,
                gauges,
                collector.families,
                duplicates,
                error);
    }

    private ScrapeFacts facts(
            ScrapeEvent event, long appendMs, @Nullable String error, long processStartMs, long naming) {
        ScrapeFacts.Outcome outcome = error == null
                ? ScrapeFacts.Outcome.SUCCESS
                : event.getOutcome() == ScrapeOutcome.REFUSED
                        ? ScrapeFacts.Outcome.REFUSED
                        : ScrapeFacts.Outcome.FAILED;
        Long date = event.getTargetDateMs();
        long offsetMs = date == null ? 0 : event.getRequestStartMs() - date;
        return new ScrapeFacts(
                event.getScraperId(),
                event.getRequestStartMs(),
                appendMs,
                Math.min(Math.max(1, event.getIntervalMs()), expiryMs),
                event.getWatchedSinceMs(),
                Math.abs(offsetMs) <= CLOCK_TOLERANCE_MS ? 0 : offsetMs,
                outcome,
                processStartMs,
                naming);
    }

    /** They stand before the body's, which cannot override them: of equal series the first counts. */
    private static List<GaugePoint> scrapeGauges(
            TargetLabels labels, ScrapeEvent event, boolean up, int scraped, int kept) {
        List<GaugePoint> gauges = new ArrayList<>();
        gauges.add(gauge(labels, "up", up ? 1 : 0));
        gauges.add(gauge(
                labels, "scrape_duration_seconds", (event.getRequestEndMs() - event.getRequestStartMs()) / 1000.0));
        gauges.add(gauge(labels, "scrape_samples_scraped", up ? scraped : 0));
        gauges.add(gauge(labels, "scrape_samples_post_metric_relabeling", up ? kept : 0));
        return gauges;
    }

    private static GaugePoint gauge(TargetLabels labels, String name, double value) {
        Labels named = labels.target().toBuilder().set(Labels.METRIC_NAME, name).build();
        return new GaugePoint(named, value, GaugePoint.NO_TIMESTAMP);
    }

    private static String describe(ScrapeEvent event) {
        String error = event.getError();
        return event.getOutcome().name().toLowerCase(Locale.ROOT) + (error == null ? "" : ": " + error);
    }
}

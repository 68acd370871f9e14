package dev.weir.aggregation.scrape;

import dev.weir.aggregation.increment.CumulativeScrape;
import dev.weir.aggregation.increment.ScrapeFacts;
import dev.weir.aggregation.profile.PageMatch;
import dev.weir.aggregation.profile.ProfileMatcher;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.report.GaugeValues;
import dev.weir.aggregation.report.Telling;
import dev.weir.aggregation.state.LabelStrings;
import dev.weir.configuration.WeirConfig;
import dev.weir.exposition.Assembly;
import dev.weir.exposition.Exposition;
import dev.weir.exposition.SeriesAssembler;
import dev.weir.exposition.layout.LineValues;
import dev.weir.exposition.layout.NumberedPage;
import dev.weir.exposition.layout.PageLayout;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.series.Labels;
import java.nio.ByteBuffer;
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

    /** Is 1 for a target whose page lacks what every page of its engine is known to have. */
    static final String FAMILY_MISSING = "weir_profile_family_missing";

    private final long expiryMs;
    private final Set<String> replicaLabels;
    /** Of the configured jobs; a fleet's own producers may name any number of others. */
    private final Map<String, JobRules> rulesByJob = new HashMap<>();

    private final ProfileMatcher profiles;
    private final TargetCache cache = new TargetCache();
    /** Of the page that is being read. */
    private final LineValues values = new LineValues();

    ScrapeReader(WeirConfig config, Profiles profiles, Duration expiry) {
        this.profiles = new ProfileMatcher(profiles);
        this.expiryMs = expiry.toMillis();
        config.scrapeConfigs().forEach(job -> rulesByJob.put(job.jobName(), JobRules.of(job)));
        this.replicaLabels = Set.copyOf(config.aggregation().replicaLabels());
    }

    /** Identity of the event's target. */
    static String target(ScrapeEvent event) {
        return event.getProject() + '\n' + event.getJob() + '\n' + event.getTargetUrl();
    }

    /** Reads the event of that target; never fails: what cannot be used is a failed scrape. */
    ReadScrape read(String target, ScrapeEvent event, long appendMs) {
        JobRules rules = rulesByJob.getOrDefault(event.getJob(), JobRules.DEFAULT);
        KnownTarget known = known(target, event, rules);
        if (event.getOutcome() != ScrapeOutcome.BODY) {
            return failed(event, appendMs, known, describe(event));
        }
        try {
            return readBody(event, appendMs, known, rules);
        } catch (RejectedScrapeException e) {
            return failed(event, appendMs, known, String.valueOf(e.getMessage()));
        }
    }

    TargetCache cache() {
        return cache;
    }

    private KnownTarget known(String target, ScrapeEvent event, JobRules rules) {
        KnownTarget known = cache.get(target);
        if (known == null || !known.fits(event)) {
            known = new KnownTarget(event, new TargetLabels(event, replicaLabels, rules.honorLabels()), rules);
            cache.put(target, known);
        }
        return known;
    }

    private ReadScrape readBody(ScrapeEvent event, long appendMs, KnownTarget known, JobRules rules)
            throws RejectedScrapeException {
        ByteBuffer body = BodyReader.unpack(event);
        LineValues read = values;
        PagePlan plan = known.read(event, body, read);
        if (plan == null) {
            cache.countMiss();
            NumberedPage page = BodyReader.parse(event, body, rules.fallback());
            read = page.values();
            plan = plan(event.getProject(), known, rules, page.lines());
            PageLayout layout = page.layout();
            if (layout != null && plan.isRepeatable(read)) {
                known.remember(event, cache.share(layout), plan);
            }
        }
        double[] scrapeGauges = scrapeGauges(event, 1, plan.counts.scraped(), plan.counts.kept());
        return new ReadScrape(
                facts(event, appendMs, null, plan.processStartMs(read), known.naming),
                known,
                plan,
                plan.cumulative(read),
                plan.gauges(read, scrapeGauges),
                null);
    }

    private PagePlan plan(String project, KnownTarget known, JobRules rules, Exposition page)
            throws RejectedScrapeException {
        boolean relabels = !rules.metricRelabelConfigs().isEmpty();
        Exposition kept = relabels ? BodyReader.relabel(page, known.labels, rules.metricRelabelConfigs()) : page;
        BodyReader.check(
                rules.limits(), kept, relabels ? 0 : known.labels.target().size());
        PageStructure structure = PageStructure.of(kept, profiles);
        PageMatch match = structure.match();
        Assembly assembly = SeriesAssembler.assemble(structure.exposition());
        SeriesCollector.Rules collecting =
                new SeriesCollector.Rules(relabels, rules.honorTimestamps(), replicaLabels, match);
        SeriesCollector collector = new SeriesCollector(known.labels, collecting, known.scrapeGauges);
        collector.collect(assembly);
        List<Labels> gauges = new ArrayList<>(known.scrapeGauges);
        collector.gauges.forEach(gauge -> gauges.add(LabelStrings.share(gauge.labels())));
        match.missing().forEach(missing -> gauges.add(missing(known.labels, missing)));
        return new PagePlan(
                new Telling(project, known.labels.group(), match.page().text(), cache.share(collector.outputs), gauges),
                cache.shareFamilies(collector.families),
                new PagePlan.PageCounts(
                        page.sampleCount(), kept.sampleCount(), assembly.duplicateSamples(), collector.nativesLeftOut),
                collector,
                match.missing().size());
    }

    private static Labels missing(TargetLabels labels, PageMatch.Missing missing) {
        return labels.target().toBuilder()
                .set(Labels.METRIC_NAME, FAMILY_MISSING)
                .set("profile", missing.profile().name())
                .set("metric", missing.family().metricName())
                .build();
    }

    private ReadScrape failed(ScrapeEvent event, long appendMs, KnownTarget known, String error) {
        return new ReadScrape(
                facts(event, appendMs, error, ScrapeFacts.UNKNOWN, ScrapeFacts.UNKNOWN),
                known,
                null,
                CumulativeScrape.NONE,
                new GaugeValues(scrapeGauges(event, 0, 0, 0), null),
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
                naming,
                event.getLastWord());
    }

    /** They stand before the body's, which cannot override them. */
    private static double[] scrapeGauges(ScrapeEvent event, double up, int scraped, int kept) {
        return new double[] {up, (event.getRequestEndMs() - event.getRequestStartMs()) / 1000.0, scraped, kept};
    }

    private static String describe(ScrapeEvent event) {
        String error = event.getError();
        return event.getOutcome().name().toLowerCase(Locale.ROOT) + (error == null ? "" : ": " + error);
    }
}

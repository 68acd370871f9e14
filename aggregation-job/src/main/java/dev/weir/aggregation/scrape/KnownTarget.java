package dev.weir.aggregation.scrape;

import dev.weir.aggregation.increment.ScrapeFacts;
import dev.weir.aggregation.report.Telling;
import dev.weir.exposition.layout.LineValues;
import dev.weir.exposition.layout.PageLayout;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.series.Labels;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was derived from a target's earlier events, for as long as its events stay alike. A cache: nothing depends on it. */
final class KnownTarget {
    /** Gauges about the scrape itself, in this order before all others. */
    private static final List<String> SCRAPE_GAUGES =
            List.of("up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling");

    private final Map<String, String> eventLabels;
    final TargetLabels labels;
    final List<Labels> scrapeGauges;
    /** Identity of the target's labels, project included. */
    final long identity;
    /** Identity of what named the target's series beyond their page, as {@link ScrapeFacts#naming}. */
    final long naming;
    /** What is told of a target of which no page is known. */
    final Telling withoutPage;

    private String contentType = "";
    private @Nullable PageLayout layout;
    private @Nullable PagePlan plan;

    KnownTarget(ScrapeEvent event, TargetLabels labels, JobRules rules) {
        this.eventLabels = Map.copyOf(event.getLabels());
        this.labels = labels;
        this.scrapeGauges = SCRAPE_GAUGES.stream()
                .map(name -> labels.target().toBuilder()
                        .set(Labels.METRIC_NAME, name)
                        .build())
                .toList();
        this.identity = Fingerprint.of("", labels.target());
        // Relabelled series are known by labels that the target's and the rules have a part in.
        this.naming = rules.metricRelabelConfigs().isEmpty()
                ? ScrapeFacts.UNKNOWN
                : Fingerprint.of(rules.metricRelabelConfigs().toString(), labels.target());
        this.withoutPage = new Telling(event.getProject(), labels.group(), "", List.of(), scrapeGauges);
    }

    /** Whether the event's target has the labels that it had. */
    boolean fits(ScrapeEvent event) {
        return eventLabels.equals(event.getLabels());
    }

    /** The plan of the body, if it is a page of the layout; its numbers are then in {@code values}. */
    @Nullable
    PagePlan read(ScrapeEvent event, ByteBuffer body, LineValues values) {
        if (layout == null || !contentType.equals(event.getContentType())) {
            return null;
        }
        boolean fits = layout.read(body.array(), body.arrayOffset() + body.position(), body.remaining(), values);
        return fits ? plan : null;
    }

    void remember(ScrapeEvent event, PageLayout ofPage, PagePlan planned) {
        contentType = event.getContentType();
        layout = ofPage;
        plan = planned;
    }
}

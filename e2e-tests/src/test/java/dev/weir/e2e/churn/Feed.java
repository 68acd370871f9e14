package dev.weir.e2e.churn;

import dev.weir.aggregation.operator.InboundRecord;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.simulator.scenario.ScenarioPage;
import dev.weir.simulator.scenario.ScenarioRun;
import dev.weir.simulator.scenario.ScenarioScrape;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The scrapes of one run, and their form as events of one group of targets. */
final class Feed {
    /** How long after its answer a scrape is appended. */
    private static final long APPEND_MS = 5;

    private static final EventCodec<ScrapeEvent> CODEC = new EventCodec<>(ScrapeEvent.class);

    final ScenarioRun run;
    /** The group's {@code pipeline_name}. */
    final String pipeline;

    final boolean lastWords;
    /** By the time of their answers. */
    final List<ScenarioScrape> scrapes;

    private final long epochMs;

    /**
     * @param epochMs when the run began, ms since the epoch
     * @param lastWords whether processes tell what they came to
     */
    Feed(ScenarioRun run, long epochMs, boolean lastWords) {
        this.run = run;
        this.epochMs = epochMs;
        this.lastWords = lastWords;
        this.pipeline = pipeline(run.scenario().letter(), lastWords);
        this.scrapes = run.scrapes(lastWords);
    }

    static String pipeline(String letter, boolean lastWords) {
        return "churn-" + letter + (lastWords ? "-last-words" : "");
    }

    /** The labels of the counter to look at as they leave. */
    Map<String, String> counterLabels() {
        return Map.of(
                "__name__",
                ScenarioPage.COUNTER,
                "pipeline_name",
                pipeline,
                "finished_reason",
                ScenarioPage.finishedReason(run.scenario()));
    }

    InboundRecord record(ScenarioScrape scrape, long offset) {
        return new InboundRecord(
                "weir.scrapes",
                0,
                offset,
                epochMs + scrape.answeredMs() + APPEND_MS,
                new byte[0],
                CODEC.encode(event(scrape)));
    }

    private ScrapeEvent event(ScenarioScrape scrape) {
        ScrapeEvent.Builder event = ScrapeEvent.newBuilder()
                .setProject("default")
                .setJob("vllm")
                .setTargetUrl("http://" + pipeline + "." + scrape.pod() + ":8000/metrics")
                .setLabels(Map.of(
                        "job",
                        "vllm",
                        "pipeline_name",
                        pipeline,
                        "pod",
                        scrape.pod(),
                        "instance",
                        scrape.pod() + ":8000"))
                .setScraperId("scraper")
                .setRequestStartMs(epochMs + scrape.atMs())
                .setRequestEndMs(epochMs + scrape.answeredMs())
                .setIntervalMs(run.scenario().scrapeInterval().toMillis())
                .setWatchedSinceMs(epochMs)
                .setLastWord(scrape.last());
        switch (scrape.outcome()) {
            case REFUSED -> event.setOutcome(ScrapeOutcome.REFUSED).setError("connection refused");
            case TIMED_OUT -> event.setOutcome(ScrapeOutcome.TIMED_OUT).setError("no answer");
            case BODY ->
                event.setOutcome(ScrapeOutcome.BODY)
                        .setContentType(ScenarioPage.CONTENT_TYPE)
                        .setBody(ByteBuffer.wrap(
                                ScenarioPage.of(run.scenario(), scrape, epochMs).getBytes(StandardCharsets.UTF_8)));
        }
        return event.build();
    }
}

package dev.weir.ingest.source;

import dev.weir.configuration.ScrapeConfig;
import dev.weir.ingest.discovery.Target;
import dev.weir.ingest.scrape.ByteBudget;
import dev.weir.ingest.scrape.ScrapeResult;
import dev.weir.ingest.scrape.Scraper;
import dev.weir.ingest.topic.IngestRecord;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.schemas.Tick;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.MetricGroup;

/**
 * Scrapes its targets on time, with one thread that keeps the time and those of the {@link Scraper}. At most one scrape of
 * a target is between its start and its record; a turn that comes before is skipped and counted. So back-pressure holds at
 * most one result per target, and bodies of at most {@link #MAX_BODY_BYTES_HELD} together.
 */
final class ScrapeReader implements SourceReader<IngestRecord, TargetSplit> {
    /** Bodies in reception or waiting to be written; a body that does not fit fails its scrape. */
    static final long MAX_BODY_BYTES_HELD = 256L << 20;

    /** Scrapes that may have a connection at once; others wait for their turn. */
    static final int MAX_CONCURRENT_SCRAPES = 2_000;

    private final SourceReaderContext context;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor timer;
    private final ByteBudget budget = new ByteBudget(MAX_BODY_BYTES_HELD);
    private final Scraper scraper;
    private final ScrapeGate gate = new ScrapeGate(MAX_CONCURRENT_SCRAPES);
    private final ResultQueue results = new ResultQueue();
    private final Map<String, ScrapeLoop> loops = new HashMap<>();
    private final EventCodec<ScrapeEvent> events = new EventCodec<>(ScrapeEvent.class);
    private final EventCodec<Tick> ticks = new EventCodec<>(Tick.class);
    private final Map<ScrapeOutcome, LongCounter> outcomes = new EnumMap<>(ScrapeOutcome.class);
    private final LongCounter skipped = new LongCounter();
    private final LongCounter lastScrapes = new LongCounter();
    private final Ticker ticker;
    private volatile int targets;

    ScrapeReader(SourceReaderContext context, List<ScrapeConfig> configs, Clock clock) {
        this.context = context;
        this.clock = clock;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "weir-scrape-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        this.scraper = new Scraper(configs, budget, timer, clock);
        this.ticker = new Ticker(timer, clock, schedule -> results.add(() -> tick(schedule)));
    }

    @Override
    public void start() {
        MetricGroup metrics = context.metricGroup();
        for (ScrapeOutcome outcome : ScrapeOutcome.values()) {
            LongCounter counter = new LongCounter();
            outcomes.put(outcome, counter);
            metrics.addGroup("outcome", outcome.name().toLowerCase(Locale.ROOT))
                    .counter("weir_ingest_scrapes_total", counter);
        }
        metrics.gauge("weir_ingest_targets", () -> targets);
        metrics.counter("weir_ingest_scrapes_skipped_total", skipped);
        metrics.counter("weir_ingest_last_scrapes_total", lastScrapes);
        metrics.gauge("weir_ingest_scrapes_running", gate::running);
        metrics.gauge("weir_ingest_scrapes_waiting", gate::waiting);
        metrics.gauge("weir_ingest_results_queued", results::size);
        metrics.gauge("weir_ingest_body_bytes_held", budget::heldBytes);
    }

    @Override
    public InputStatus pollNext(ReaderOutput<IngestRecord> output) {
        ResultQueue.Result result = results.poll();
        if (result == null) {
            return InputStatus.NOTHING_AVAILABLE;
        }
        output.collect(result.take());
        return results.size() == 0 ? InputStatus.NOTHING_AVAILABLE : InputStatus.MORE_AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return results.available();
    }

    @Override
    public void addSplits(List<TargetSplit> splits) {
        for (TargetSplit split : splits) {
            ScrapeLoop loop = loops.get(split.splitId());
            if (loop == null) {
                loop = new ScrapeLoop(split);
                loops.put(split.splitId(), loop);
            } else {
                loop.change(split);
            }
            ScrapeLoop scheduled = loop;
            Target target = split.target();
            loop.schedule(timer.scheduleAtFixedRate(
                    () -> turn(scheduled),
                    ScrapeLoop.delayMs(target, clock.millis()),
                    target.intervalMs(),
                    TimeUnit.MILLISECONDS));
        }
        targets = loops.size();
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        if (event instanceof TargetsRemoved removed) {
            for (String splitId : removed.splitIds()) {
                ScrapeLoop loop = loops.remove(splitId);
                if (loop != null) {
                    loop.stop(removed.ended().contains(splitId));
                    lastTurn(loop);
                }
            }
            targets = loops.size();
        } else if (event instanceof TickSchedule schedule) {
            ticker.follow(schedule);
        } else {
            throw new IllegalStateException("event " + event + " (expected: TargetsRemoved or TickSchedule)");
        }
    }

    @Override
    public List<TargetSplit> snapshotState(long checkpointId) {
        // The enumerator assigns all targets anew to a reader that starts.
        return List.of();
    }

    @Override
    public void notifyNoMoreSplits() {
        // There are always more: targets come and go.
    }

    @Override
    public void close() {
        timer.shutdownNow();
        scraper.close();
    }

    private void turn(ScrapeLoop loop) {
        if (!loop.begin()) {
            skipped.inc();
            return;
        }
        try {
            gate.enter(() -> scrape(loop));
        } catch (RuntimeException e) {
            // The timer would swallow it and never call again; the task's thread fails the job instead.
            results.add(() -> {
                throw new IllegalStateException(
                        "scrape of " + loop.split().target().url() + " failed to start", e);
            });
        }
    }

    /** At once, or after the scrape that is on its way. */
    private void lastTurn(ScrapeLoop loop) {
        if (loop.begin()) {
            gate.enter(() -> scrape(loop));
        }
    }

    private CompletableFuture<?> scrape(ScrapeLoop loop) {
        TargetSplit split = loop.split();
        boolean last = loop.isStopped();
        if (last && !loop.beginLast()) {
            loop.end();
            return CompletableFuture.completedFuture(null);
        }
        return scraper.scrape(split.target()).thenAccept(result -> results.add(() -> taken(loop, split, result, last)));
    }

    private IngestRecord taken(ScrapeLoop loop, TargetSplit split, ScrapeResult result, boolean last) {
        loop.end();
        if (last) {
            lastScrapes.inc();
        } else if (loop.isStopped()) {
            lastTurn(loop);
        }
        budget.giveBack(result.body().remaining());
        LongCounter counter = outcomes.get(result.outcome());
        if (counter != null) {
            counter.inc();
        }
        return IngestRecord.scrape(
                split.target().key(), events.encode(event(split, result, last && loop.lastIsWord())));
    }

    private static ScrapeEvent event(TargetSplit split, ScrapeResult result, boolean processEnded) {
        Target target = split.target();
        ScrapeEvent.Builder event = ScrapeEvent.newBuilder()
                .setProject(target.project())
                .setJob(target.job())
                .setTargetUrl(target.url())
                .setLabels(target.labels().toMap())
                .setScraperId(split.scraperId())
                .setRequestStartMs(result.startMs())
                .setRequestEndMs(result.endMs())
                .setIntervalMs(target.intervalMs())
                .setWatchedSinceMs(split.watchedSinceMs())
                .setOutcome(result.outcome())
                .setContentType(result.contentType())
                .setContentEncoding(result.contentEncoding())
                .setBody(result.body())
                .setLastWord(processEnded);
        String error = result.error();
        if (error != null) {
            event.setError(error);
        }
        Long targetDateMs = result.targetDateMs();
        if (targetDateMs != null) {
            event.setTargetDateMs(targetDateMs);
        }
        return event.build();
    }

    private IngestRecord tick(TickSchedule schedule) {
        ticker.taken();
        return IngestRecord.tick(ticks.encode(Tick.newBuilder()
                .setScraperId(schedule.scraperId())
                .setSentMs(clock.millis())
                .build()));
    }
}

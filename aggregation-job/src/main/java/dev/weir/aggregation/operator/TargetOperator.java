package dev.weir.aggregation.operator;

import dev.weir.aggregation.group.Lane;
import dev.weir.aggregation.group.ScrapeReport;
import dev.weir.aggregation.increment.IncrementRules;
import dev.weir.aggregation.increment.IncrementRules.Verdict;
import dev.weir.aggregation.increment.TargetMemory;
import dev.weir.aggregation.scrape.TargetStage;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.UndecodableRecordException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keyed by target: decodes its scrapes and turns them into increments. State: one {@link TargetMemory} a target, dropped
 * when the target has been silent for the expiry and {@link IncrementRules#REMEMBERED_LONGER}.
 */
public final class TargetOperator extends KeyedProcessFunction<String, RoutedScrape, LanedReport> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(TargetOperator.class);

    private final WeirConfig config;
    private final Duration expiry;
    private final long rememberedMs;
    private final int lanes;
    private transient @Nullable Running running;

    private static final class Running {
        final TargetStage stage;
        final EventCodec<ScrapeEvent> codec = new EventCodec<>(ScrapeEvent.class);
        final ValueState<TargetMemory> memory;
        final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);
        final Counter failed;
        final Counter duplicates;
        final ScrapeProblems problems = new ScrapeProblems(InstantSource.system());

        Running(TargetStage stage, ValueState<TargetMemory> memory, MetricGroup metrics) {
            this.stage = stage;
            this.memory = memory;
            for (Verdict verdict : Verdict.values()) {
                verdicts.put(
                        verdict,
                        metrics.addGroup("verdict", verdict.name().toLowerCase(Locale.ROOT))
                                .counter("weir_scrapes_total"));
            }
            this.failed = metrics.counter("weir_scrapes_failed_total");
            this.duplicates = metrics.counter("weir_duplicate_samples_total");
        }
    }

    public TargetOperator(WeirConfig config, Duration expiry, int lanes) {
        this.config = config;
        this.expiry = expiry;
        this.rememberedMs = expiry.plus(IncrementRules.REMEMBERED_LONGER).toMillis();
        this.lanes = lanes;
    }

    @Override
    public void open(OpenContext context) {
        ValueState<TargetMemory> memory = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("target", BinarySerializer.OfTargetMemory.INSTANCE));
        running = new Running(
                new TargetStage(config, expiry), memory, getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement(RoutedScrape scrape, Context context, Collector<LanedReport> out) throws Exception {
        Running run = Objects.requireNonNull(running, "not open");
        TargetMemory memory = run.memory.value();
        // Where the target's partition lags, the others' time counts: else it would be forgotten between its scrapes.
        long heardMs = Math.max(scrape.appendMs(), context.timerService().currentWatermark());
        if (memory == null) {
            memory = new TargetMemory();
            context.timerService().registerEventTimeTimer(heardMs + rememberedMs);
        }
        TargetStage.Result result = run.stage.take(memory, decode(run, scrape), scrape.appendMs());
        Objects.requireNonNull(run.verdicts.get(result.verdict())).inc();
        tell(run, scrape.target(), result);
        ScrapeReport report = result.report();
        if (report != null) {
            memory.hear(heardMs);
            run.memory.update(memory);
            out.collect(new LanedReport(Lane.of(report.project(), report.group(), lanes), report));
        }
    }

    @Override
    public void onTimer(long timestampMs, OnTimerContext context, Collector<LanedReport> out) throws Exception {
        ValueState<TargetMemory> state = Objects.requireNonNull(running, "not open").memory;
        TargetMemory memory = state.value();
        if (memory == null) {
            return;
        }
        long expiresMs = memory.heardMs() + rememberedMs;
        if (expiresMs <= timestampMs) {
            state.clear();
        } else {
            context.timerService().registerEventTimeTimer(expiresMs);
        }
    }

    private static ScrapeEvent decode(Running run, RoutedScrape scrape) {
        try {
            return run.codec.decode(scrape.event());
        } catch (UndecodableRecordException e) {
            throw new IllegalStateException("the router let an undecodable event pass", e);
        }
    }

    private static void tell(Running run, String target, TargetStage.Result result) {
        String problem = result.error();
        if (problem != null) {
            run.failed.inc();
        } else if (result.duplicateSamples() > 0) {
            run.duplicates.inc(result.duplicateSamples());
            problem = result.duplicateSamples() + " duplicate samples left out (expected: each series once)";
        }
        String line = run.problems.line(target, problem);
        if (line != null) {
            LOG.warn("{}", line);
        }
    }
}

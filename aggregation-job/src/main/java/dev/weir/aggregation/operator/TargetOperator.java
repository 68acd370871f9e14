package dev.weir.aggregation.operator;

import dev.weir.aggregation.group.Lane;
import dev.weir.aggregation.increment.IncrementRules;
import dev.weir.aggregation.increment.IncrementRules.Verdict;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.report.Telling;
import dev.weir.aggregation.scrape.TargetStage;
import dev.weir.aggregation.scrape.TargetState;
import dev.weir.configuration.WeirConfig;
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
 * Keyed by target: decodes its scrapes and turns them into increments. State: one {@link TargetState} a target, dropped
 * when the target has been silent for the expiry and {@link IncrementRules#REMEMBERED_LONGER}.
 */
public final class TargetOperator extends KeyedProcessFunction<String, RoutedScrape, LanedReport> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(TargetOperator.class);

    private static final Duration GOODBYE_AFTER = Duration.ofMinutes(5);

    private final WeirConfig config;
    private final Profiles profiles;
    private final Duration expiry;
    private final long rememberedMs;
    /** A target that is silent for so long says goodbye to its lane, which need not know it until it tells anew. */
    private final long goodbyeMs;

    private final int lanes;
    private transient @Nullable Running running;

    private static final class Running {
        final TargetStage stage;
        final ScrapeDecoder decoder = new ScrapeDecoder();
        final ValueState<TargetState> state;
        final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);
        final Counter failed;
        final Counter duplicates;
        final Counter nativesLeftOut;
        final ScrapeProblems problems = new ScrapeProblems(InstantSource.system());

        Running(TargetStage stage, ValueState<TargetState> state, MetricGroup metrics) {
            this.stage = stage;
            this.state = state;
            for (Verdict verdict : Verdict.values()) {
                verdicts.put(
                        verdict,
                        metrics.addGroup("verdict", verdict.name().toLowerCase(Locale.ROOT))
                                .counter("weir_scrapes_total"));
            }
            this.failed = metrics.counter("weir_scrapes_failed_total");
            metrics.gauge("weir_cached_targets", stage::cachedTargets);
            metrics.gauge("weir_parsed_pages", stage::parsedPages);
            this.duplicates = metrics.counter("weir_duplicate_samples_total");
            this.nativesLeftOut = metrics.counter("weir_native_histograms_left_out_total");
        }
    }

    public TargetOperator(WeirConfig config, Profiles profiles, Duration expiry, int lanes) {
        this.config = config;
        this.profiles = profiles;
        this.expiry = expiry;
        this.rememberedMs = expiry.plus(IncrementRules.REMEMBERED_LONGER).toMillis();
        this.goodbyeMs = Math.min(GOODBYE_AFTER.toMillis(), rememberedMs);
        this.lanes = lanes;
    }

    @Override
    public void open(OpenContext context) {
        ValueState<TargetState> state = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("target", BinarySerializer.OfTargetState.INSTANCE));
        running = new Running(
                new TargetStage(config, profiles, expiry),
                state,
                getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement(RoutedScrape scrape, Context context, Collector<LanedReport> out) throws Exception {
        Running run = Objects.requireNonNull(running, "not open");
        TargetState state = run.state.value();
        // Where the target's partition lags, the others' time counts: else it would be forgotten between its scrapes.
        long heardMs = Math.max(scrape.appendMs(), context.timerService().currentWatermark());
        if (state == null) {
            state = new TargetState();
            context.timerService().registerEventTimeTimer(heardMs + goodbyeMs);
        }
        TargetStage.Result result = run.stage.take(state, scrape.target(), decode(run, scrape), scrape.appendMs());
        Objects.requireNonNull(run.verdicts.get(result.verdict())).inc();
        tell(run, scrape.target(), result);
        ScrapeReport report = result.report();
        if (report != null) {
            state.memory().hear(heardMs);
            send(state, report, out);
        }
        run.state.update(state);
    }

    private void send(TargetState state, ScrapeReport report, Collector<LanedReport> out) {
        Telling telling = report.telling();
        if (telling != null) {
            int lane = Lane.of(telling.project(), telling.group(), lanes);
            if (state.lane() != lane) {
                sayGoodbye(state, report.target(), out);
            }
            state.tell(lane);
        }
        out.collect(new LanedReport(state.lane(), report.target(), report));
        if (report.lastWord()) {
            state.forget();
        }
    }

    /** Has the target's lane forget it, if it was told; what was noted of it in {@code state} remains. */
    private static void sayGoodbye(TargetState state, String target, Collector<LanedReport> out) {
        if (state.lane() != TargetState.NOWHERE) {
            out.collect(new LanedReport(state.lane(), target, null));
        }
    }

    @Override
    public void onTimer(long timestampMs, OnTimerContext context, Collector<LanedReport> out) throws Exception {
        ValueState<TargetState> states = Objects.requireNonNull(running, "not open").state;
        TargetState state = states.value();
        if (state == null) {
            return;
        }
        long heardMs = state.memory().heardMs();
        if (heardMs + goodbyeMs <= timestampMs) {
            sayGoodbye(state, context.getCurrentKey(), out);
            state.forget();
        }
        if (heardMs + rememberedMs <= timestampMs) {
            states.clear();
        } else {
            states.update(state);
            boolean told = state.lane() != TargetState.NOWHERE;
            context.timerService().registerEventTimeTimer(heardMs + (told ? goodbyeMs : rememberedMs));
        }
    }

    private static ScrapeEvent decode(Running run, RoutedScrape scrape) {
        try {
            return run.decoder.decode(scrape.event());
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
        } else if (result.nativesLeftOut() > 0) {
            problem = result.nativesLeftOut()
                    + " native histograms left out (expected: counters whose count and sum relabelling keeps)";
        }
        run.nativesLeftOut.inc(result.nativesLeftOut());
        String line = run.problems.line(target, problem);
        if (line != null) {
            LOG.warn("{}", line);
        }
    }
}

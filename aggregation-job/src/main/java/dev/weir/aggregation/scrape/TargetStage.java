package dev.weir.aggregation.scrape;

import dev.weir.aggregation.increment.CumulativeScrape;
import dev.weir.aggregation.increment.IncrementRules;
import dev.weir.aggregation.increment.IncrementRules.Verdict;
import dev.weir.aggregation.increment.IncrementSink;
import dev.weir.aggregation.increment.NativeMemory;
import dev.weir.aggregation.increment.TargetMemory;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.release.Span;
import dev.weir.aggregation.report.CounterResets;
import dev.weir.aggregation.report.Increments;
import dev.weir.aggregation.report.NativeGain;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.report.Telling;
import dev.weir.aggregation.report.Unaccounted;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.series.FloatHistogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From one scrape event of a target to what its group gains. Not safe for use by several threads. */
public final class TargetStage {
    private final ScrapeReader reader;
    private final IncrementRules rules;
    private final long expiryMs;

    public TargetStage(WeirConfig config, Profiles profiles, Duration expiry) {
        this.reader = new ScrapeReader(config, profiles, expiry);
        this.rules = new IncrementRules(expiry);
        this.expiryMs = expiry.toMillis();
    }

    /** Identity of the event's target, by which its scrapes stay in order. */
    public static String target(ScrapeEvent event) {
        return ScrapeReader.target(event);
    }

    /**
     * @param report null unless the verdict is ACCEPTED
     * @param duplicateSamples lines left out because another one of the same series counts
     * @param nativesLeftOut native histograms that do not add up: gauges, and those without a classic part
     * @param error why the scrape counts as failed; null if it succeeded
     */
    public record Result(
            Verdict verdict,
            @Nullable ScrapeReport report,
            int duplicateSamples,
            int nativesLeftOut,
            @Nullable String error) {
        static Result of(Verdict verdict, @Nullable ScrapeReport report, ReadScrape scrape) {
            return new Result(verdict, report, scrape.duplicateSamples(), scrape.nativesLeftOut(), scrape.error());
        }
    }

    /**
     * Takes the event of {@code target} into {@code state}. A report that has a telling is noted there as told, and after
     * its last word the target as one that said goodbye.
     */
    public Result take(TargetState state, String target, ScrapeEvent event, long appendMs) {
        ReadScrape scrape = reader.read(target, event, appendMs);
        Collector collector = new Collector(scrape, state.natives(), appendMs);
        TargetMemory memory = state.memory();
        Verdict verdict = rules.apply(memory, scrape.facts(), scrape.cumulative(), collector);
        if (verdict != Verdict.ACCEPTED) {
            return Result.of(verdict, null, scrape);
        }
        state.natives().expire(appendMs, expiryMs);
        Telling telling = telling(state, scrape);
        ScrapeReport report = new ScrapeReport(
                target,
                state.toldShape(),
                telling,
                appendMs,
                Span.seenMs(event.getRequestStartMs(), appendMs),
                scrape.facts().intervalMs(),
                event.getLastWord(),
                collector.increments,
                collector.natives,
                collector.unaccounted,
                collector.resets(),
                scrape.gauges(),
                memory.reportedAllAt(appendMs) ? scrape.families() : List.of());
        return Result.of(verdict, report, scrape);
    }

    /** Targets of which something is cached. */
    public int cachedTargets() {
        return reader.cache().size();
    }

    /** Pages that no layout was known of and were parsed as a whole. */
    public long parsedPages() {
        return reader.cache().misses();
    }

    /** What the lane has to be told before the scrape's numbers; null if it was. */
    private static @Nullable Telling telling(TargetState state, ReadScrape scrape) {
        KnownTarget target = scrape.target();
        PagePlan plan = scrape.plan();
        boolean told = state.isTold(target.identity);
        if (plan == null) {
            if (told) {
                // A failed scrape has the first gauges of whatever was told, and nothing else.
                return null;
            }
            state.tell(target.withoutPage.shape(), target.identity);
            return target.withoutPage;
        }
        if (told && state.toldShape() == plan.shape) {
            return null;
        }
        state.tell(plan.shape, target.identity);
        return plan.telling;
    }

    private static final class Collector implements IncrementSink {
        /** Events that native buckets lack, though the histogram's classic part has them. */
        private static final String NATIVE_BUCKETS = "native_buckets";

        private final CumulativeScrape scrape;
        private final Map<Integer, FloatHistogram> histograms;
        private final NativeMemory memory;
        private final long appendMs;
        final Increments increments = new Increments();
        final List<NativeGain> natives = new ArrayList<>();
        final List<Unaccounted> unaccounted = new ArrayList<>();
        private final Map<Reset, Integer> resets = new EnumMap<>(Reset.class);

        Collector(ReadScrape read, NativeMemory memory, long appendMs) {
            this.scrape = read.cumulative();
            this.histograms = read.natives();
            this.memory = memory;
            this.appendMs = appendMs;
        }

        @Override
        public void moved(int index, double[] amounts, double sumAmount, long tookMs, boolean reset) {
            increments.add(index, amounts, sumAmount, tookMs);
            FloatHistogram present = histograms.get(index);
            if (present != null) {
                nativeMoved(index, present, Arrays.stream(amounts).sum());
            }
        }

        private void nativeMoved(int index, FloatHistogram present, double countGained) {
            FloatHistogram gained = memory.gained(scrape.columns().id(index), present, countGained, appendMs);
            if (gained != null) {
                natives.add(new NativeGain(increments.size() - 1, gained));
            } else if (countGained > 0) {
                unaccounted.add(new Unaccounted(index, countGained, NATIVE_BUCKETS));
            }
        }

        @Override
        public void reset(int series, Reset reason) {
            resets.merge(reason, series, Integer::sum);
        }

        List<CounterResets> resets() {
            return resets.entrySet().stream()
                    .map(reset -> new CounterResets(reset.getKey().labelValue(), reset.getValue()))
                    .toList();
        }

        @Override
        public void alive(int index) {
            increments.addZero(index, Double.NaN);
            memory.keep(scrape.columns().id(index), appendMs);
        }

        @Override
        public void baseline(int index, double value, Baseline reason) {
            increments.addZero(index, scrape.hasSum(index) ? 0 : Double.NaN);
            FloatHistogram present = histograms.get(index);
            if (present != null) {
                memory.start(scrape.columns().id(index), present, appendMs);
            }
            if (value > 0) {
                unaccounted.add(new Unaccounted(index, value, reason.labelValue()));
            }
        }
    }
}

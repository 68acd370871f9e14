package dev.weir.promql.engine;

import dev.weir.promql.ast.MatrixSelector;
import dev.weir.promql.ast.VectorSelector;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import dev.weir.promql.function.FloatLoop;
import dev.weir.promql.storage.Queryable;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.series.FloatHistogram;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads series from the store, each once for all steps. */
final class SelectorEvaluator {
    /** What a series takes before it is read. */
    private static final int STORED_SERIES_SAMPLES = 4;

    private final Queryable queryable;
    private final long lookbackMs;
    private final QueryContext context;
    private final Evaluator evaluator;

    SelectorEvaluator(Queryable queryable, EngineOptions options, QueryContext context, Evaluator evaluator) {
        this.queryable = queryable;
        this.lookbackMs = options.lookbackDelta().toMillis();
        this.context = context;
        this.evaluator = evaluator;
    }

    /** The newest sample within the lookback at each step, or, if {@code givesTimestamps}, its time in seconds. */
    SeriesStream instant(VectorSelector selector, Steps steps, boolean givesTimestamps) {
        Long fixedMs = evaluator.fixedTimeMs(selector.time());
        long offsetMs = selector.time().offset().millis();
        Steps looked = fixedMs == null ? steps : Steps.at(fixedMs);
        Reading reading = reading(selector.matchers(), looked, offsetMs);
        // As in Prometheus, timestamp reads what the offset says, and then forgets it where there is an @.
        long lookedOffsetMs = givesTimestamps && fixedMs != null ? 0 : offsetMs;
        SeriesStream stream = instant(reading, looked, lookedOffsetMs, givesTimestamps);
        if (fixedMs == null || steps.count() == 1) {
            return stream;
        }
        return () -> {
            StepSeries series = stream.next();
            return series == null
                    ? null
                    : new StepSeries(
                            series.labels(), series.dropsName(), series.column().broadcast(steps.count()));
        };
    }

    /** Which samples are read. */
    record Reading(List<LabelMatcher> matchers, long minMs, long maxMs) {}

    /** What instant selectors at the steps less the offset can see. */
    Reading reading(List<LabelMatcher> matchers, Steps steps, long offsetMs) {
        return new Reading(matchers, steps.firstMs() - offsetMs - lookbackMs + 1, steps.lastMs() - offsetMs);
    }

    /** What instant selectors find at the steps less the offset in what is read. */
    SeriesStream instant(Reading reading, Steps steps, long offsetMs, boolean givesTimestamps) {
        SeriesReader reader = select(reading.matchers, reading.minMs, reading.maxMs);
        return () -> {
            while (reader.next()) {
                Column column = context.newColumn(steps.count());
                if (fill(column, reader.samples(), steps, offsetMs, givesTimestamps)) {
                    return new StepSeries(reader.labels(), false, column);
                }
                context.recycle(column);
            }
            return null;
        };
    }

    RangeInput range(MatrixSelector matrix, Steps steps) {
        VectorSelector selector = matrix.selector();
        long offsetMs = selector.time().offset().millis();
        long rangeMs = matrix.range().millis();
        Long fixedMs = evaluator.fixedTimeMs(selector.time());
        Long fixedEndMs = fixedMs == null ? null : Long.valueOf(fixedMs - offsetMs);
        long maxMs = fixedEndMs != null ? fixedEndMs : steps.lastMs() - offsetMs;
        long minMs = (fixedEndMs != null ? fixedEndMs : steps.firstMs() - offsetMs) - rangeMs + 1;
        StoredRange source = new StoredRange(select(selector.matchers(), minMs, maxMs));
        return new RangeInput(source, steps, rangeMs, offsetMs, fixedEndMs);
    }

    private SeriesReader select(List<LabelMatcher> matchers, long minMs, long maxMs) {
        List<StoredSeries> stored = queryable.select(matchers, minMs, maxMs);
        context.hold(STORED_SERIES_SAMPLES * (long) stored.size());
        return new SeriesReader(stored, new SeriesReader.TimeSpan(minMs, maxMs), context);
    }

    /** Whether there was anything. */
    private boolean fill(Column column, SampleColumns samples, Steps steps, long offsetMs, boolean givesTimestamps) {
        int last = -1;
        boolean any = false;
        int size = samples.size();
        for (int i = 0; i < steps.count(); i++) {
            long timeMs = steps.timeMs(i) - offsetMs;
            while (last + 1 < size && samples.timestampMs(last + 1) <= timeMs) {
                last++;
            }
            if (last < 0 || samples.timestampMs(last) <= timeMs - lookbackMs) {
                continue;
            }
            FloatHistogram histogram = samples.histogram(last);
            double value = samples.value(last);
            if (histogram == null && StaleMarker.isStale(value)) {
                continue;
            }
            any = true;
            if (givesTimestamps) {
                column.set(i, samples.timestampMs(last) / 1000.0);
            } else if (histogram != null) {
                column.set(i, histogram);
            } else {
                column.set(i, value);
            }
        }
        return any;
    }

    private record StoredRange(SeriesReader reader) implements RangeSeries {
        @Override
        public void computeAhead(Supplier<FloatLoop> loops, int steps) {
            reader.computeAhead(loops, steps);
        }

        @Override
        public @Nullable Column computed() {
            return reader.computed();
        }

        @Override
        public boolean staysUniqueWithoutNames() {
            return reader.differsBeyondNames();
        }

        @Override
        public boolean next() {
            while (reader.next()) {
                if (reader.computed() != null) {
                    return true;
                }
                reader.samples().removeStaleMarkers();
                if (reader.samples().size() > 0) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public Labels labels() {
            return reader.labels();
        }

        @Override
        public boolean dropsName() {
            return false;
        }

        @Override
        public SampleColumns samples() {
            return reader.samples();
        }
    }
}

package dev.weir.promql.engine;

import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.function.FloatLoop;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.series.Labels;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The samples of stored series, one series after another in the order of the list. Reads ahead where there are many. */
final class SeriesReader {
    /** What is worth waking another thread for. */
    private static final long LEAST_SAMPLES_AHEAD = 1 << 16;

    private static final boolean HAS_OTHER_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;

    private final List<StoredSeries> series;
    private final TimeSpan span;
    private final QueryContext context;
    private final SampleColumns own;
    private int next;
    private SampleColumns samples;
    private Labels labels = Labels.EMPTY;
    private @Nullable ReadAhead ahead;
    private @Nullable Supplier<FloatLoop> loops;
    private int steps;
    private @Nullable Column computed;

    /** What is read of each, both ends included. */
    record TimeSpan(long minMs, long maxMs) {}

    SeriesReader(List<StoredSeries> series, TimeSpan span, QueryContext context) {
        this.series = series;
        this.span = span;
        this.context = context;
        this.own = new SampleColumns(context::hold);
        this.samples = own;
    }

    /** Lets loops compute the values of windows where series are read ahead; before the first series. */
    void computeAhead(Supplier<FloatLoop> newLoops, int stepCount) {
        loops = newLoops;
        steps = stepCount;
    }

    /** Whether no two series become alike if they lose their names, types and units. */
    boolean differsBeyondNames() {
        String name = series.isEmpty() ? "" : series.get(0).labels().metricName();
        for (StoredSeries one : series) {
            // Names sort first unless others begin with a capital letter; type and unit would be next.
            Labels ofOne = one.labels();
            if (ofOne.isEmpty()
                    || !ofOne.name(0).equals(Labels.METRIC_NAME)
                    || !ofOne.value(0).equals(name)
                    || (ofOne.size() > 1 && ofOne.name(1).startsWith("__"))) {
                return false;
            }
        }
        return true;
    }

    /** Moves to the next series; false if there is none left. */
    boolean next() {
        if (next == series.size()) {
            return false;
        }
        if (next == 1 && HAS_OTHER_PROCESSORS && series.size() * (long) (own.size() + steps) >= LEAST_SAMPLES_AHEAD) {
            ahead = new ReadAhead(series.subList(1, series.size()), span, own.size(), context);
            if (loops != null) {
                ahead.compute(loops, steps);
            }
        }
        StoredSeries current = series.get(next++);
        if (ahead == null) {
            own.clear();
            current.read(span.minMs(), span.maxMs(), own);
        } else {
            ahead.next();
            computed = ahead.computed();
            samples = computed == null ? ahead.samples() : own;
        }
        labels = current.labels();
        context.countRead(ahead == null ? samples.size() : ahead.sampleCount());
        return true;
    }

    Labels labels() {
        return labels;
    }

    /** The values of the windows, the caller's own; null if they were not computed. */
    @Nullable
    Column computed() {
        return computed;
    }

    /** If they were not {@link #computed}; valid until the next call. */
    SampleColumns samples() {
        return samples;
    }
}

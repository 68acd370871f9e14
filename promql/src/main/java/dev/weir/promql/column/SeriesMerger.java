package dev.weir.promql.column;

import dev.weir.promql.value.PromQlException;
import dev.weir.series.Labels;
import java.util.LinkedHashMap;
import java.util.Map;

/** Series by their labels. Series of equal labels become one if they have values at different steps only. */
public final class SeriesMerger {
    public static final String DUPLICATE = "vector cannot contain metrics with the same labelset";

    private final QueryContext context;
    private final Map<Key, StepSeries> byLabels = new LinkedHashMap<>();

    /**
     * At a single step a series that will lose its name is another one than its namesake that keeps it; over several steps
     * the first one decides, as in Prometheus.
     */
    private record Key(Labels labels, boolean dropsName) {
        static Key of(StepSeries series) {
            return new Key(
                    series.labels(), series.dropsName() && series.column().size() == 1);
        }
    }

    public SeriesMerger(QueryContext context) {
        this.context = context;
    }

    /** @throws PromQlException if there is a series of these labels with a value at the same step */
    public void add(StepSeries series) {
        add(series, DUPLICATE);
    }

    /** @throws PromQlException with {@code problem}, if there is a series of these labels with a value at the same step */
    public void add(StepSeries series, String problem) {
        StepSeries known = byLabels.putIfAbsent(Key.of(series), series);
        if (known == null) {
            context.hold(series);
            return;
        }
        Column into = known.column();
        Column from = series.column();
        long before = into.sizeInSamples();
        for (int i = 0; i < from.size(); i++) {
            if (!from.has(i)) {
                continue;
            }
            if (into.has(i)) {
                throw PromQlException.execution(problem);
            }
            into.copy(i, from, i);
        }
        context.hold(into.sizeInSamples() - before);
    }

    public void addAll(SeriesStream stream) {
        for (StepSeries series = stream.next(); series != null; series = stream.next()) {
            add(series);
        }
    }

    public SeriesStream stream() {
        return SeriesStream.handingOver(byLabels.values(), context);
    }
}

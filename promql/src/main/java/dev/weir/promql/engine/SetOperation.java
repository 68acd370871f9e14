package dev.weir.promql.engine;

import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesMerger;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.series.Labels;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** {@code and}, {@code or} and {@code unless}, decided at each step by which match groups have any series there. */
final class SetOperation {
    private static final int BIT_SET_SAMPLES = 4;
    private static final int BITS_OF_A_SAMPLE = 128;

    private SetOperation() {}

    static SeriesStream intersect(SeriesStream left, SeriesStream right, Signature signature, QueryContext context) {
        Map<Labels, BitSet> present = new HashMap<>();
        for (StepSeries series = right.next(); series != null; series = right.next()) {
            mark(present, series, signature, context);
            context.recycle(series.column());
        }
        return filtered(left, present, signature, true, context);
    }

    static SeriesStream subtract(SeriesStream left, SeriesStream right, Signature signature, QueryContext context) {
        Map<Labels, BitSet> present = new HashMap<>();
        for (StepSeries series = right.next(); series != null; series = right.next()) {
            mark(present, series, signature, context);
            context.recycle(series.column());
        }
        return filtered(left, present, signature, false, context);
    }

    static SeriesStream unite(
            SeriesStream left, SeriesStream right, Signature signature, QueryContext context, int steps) {
        Map<Labels, BitSet> present = new HashMap<>();
        SeriesMerger merger = new SeriesMerger(context);
        for (StepSeries series = left.next(); series != null; series = left.next()) {
            mark(present, series, signature, context);
            merger.add(series);
        }
        merger.addAll(filtered(right, present, signature, false, context));
        context.work(steps);
        return merger.stream();
    }

    /** A match group and a bit for each step. */
    static long sizeInSamples(Labels group, int steps) {
        return StepSeries.sizeInSamples(group) + BIT_SET_SAMPLES + steps / BITS_OF_A_SAMPLE;
    }

    private static void mark(
            Map<Labels, BitSet> present, StepSeries series, Signature signature, QueryContext context) {
        Column column = series.column();
        BitSet steps = present.computeIfAbsent(signature.of(series.labels()), key -> {
            context.hold(sizeInSamples(key, column.size()));
            return new BitSet(column.size());
        });
        for (int i = 0; i < column.size(); i++) {
            if (column.has(i)) {
                steps.set(i);
            }
        }
    }

    /** Keeps values where the group's presence is as wanted. */
    private static SeriesStream filtered(
            SeriesStream stream,
            Map<Labels, BitSet> present,
            Signature signature,
            boolean wanted,
            QueryContext context) {
        BitSet nowhere = new BitSet();
        return () -> {
            for (StepSeries series = stream.next(); series != null; series = stream.next()) {
                BitSet steps = present.getOrDefault(signature.of(series.labels()), nowhere);
                Column column = series.column();
                boolean any = false;
                for (int i = 0; i < column.size(); i++) {
                    if (steps.get(i) != wanted) {
                        column.remove(i);
                    } else {
                        any |= column.has(i);
                    }
                }
                if (any) {
                    return series;
                }
                context.recycle(column);
            }
            return null;
        };
    }
}

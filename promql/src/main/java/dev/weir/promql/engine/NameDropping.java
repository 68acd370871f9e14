package dev.weir.promql.engine;

import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesMerger;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.value.PromQlException;
import dev.weir.series.Labels;
import java.util.HashSet;
import java.util.Set;

/**
 * What happens where series that lost their names may have become alike. Where names are dropped only in the end,
 * nothing does.
 */
final class NameDropping {
    private NameDropping() {}

    /** Fails if two series are alike, even if they never have values at the same step. */
    static SeriesStream rejecting(SeriesStream stream, QueryContext context) {
        return context.delaysNameRemoval() ? stream : unique(stream, context);
    }

    /** Fails if two series are alike, names included. */
    static SeriesStream unique(SeriesStream stream, QueryContext context) {
        Set<Labels> seen = new HashSet<>();
        return () -> {
            StepSeries series = stream.next();
            if (series != null) {
                context.hold(StepSeries.sizeInSamples(series.labels()));
                if (!seen.add(series.labels())) {
                    throw PromQlException.execution(SeriesMerger.DUPLICATE);
                }
            }
            return series;
        };
    }

    /**
     * Joins series that are alike, and fails if they have values at the same step. Where {@code hasOneName}, no two can
     * be alike, and the stream is not held up.
     */
    static SeriesStream merging(SeriesStream stream, boolean hasOneName, QueryContext context) {
        if (context.delaysNameRemoval() || hasOneName) {
            return stream;
        }
        SeriesMerger merger = new SeriesMerger(context);
        merger.addAll(stream);
        return merger.stream();
    }
}

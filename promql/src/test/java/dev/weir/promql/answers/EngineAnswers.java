package dev.weir.promql.answers;

import dev.weir.promql.engine.EngineOptions;
import dev.weir.promql.engine.PromQlEngine;
import dev.weir.promql.engine.QueryOptions;
import dev.weir.promql.generator.Query;
import dev.weir.promql.storage.Queryable;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.PromQlException;
import dev.weir.promql.value.QueryResult;
import dev.weir.promql.value.ScalarValue;
import dev.weir.promql.value.StringValue;
import dev.weir.promql.value.Value;
import dev.weir.promql.value.VectorSample;
import dev.weir.promql.value.VectorValue;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What our engine answers. */
final class EngineAnswers {
    private static final int MAX_ANNOTATIONS = 10;

    private final PromQlEngine engine;
    private final Queryable queryable;

    EngineAnswers(Queryable queryable, boolean delayedNameRemoval) {
        this.engine = new PromQlEngine(EngineOptions.DEFAULT.withDelayedNameRemoval(delayedNameRemoval));
        this.queryable = queryable;
    }

    Answer ask(Query query) {
        QueryOptions options = query.lookbackMs() == 0
                ? QueryOptions.DEFAULT
                : QueryOptions.DEFAULT.withLookbackDelta(Duration.ofMillis(query.lookbackMs()));
        try {
            QueryResult result = query.isInstant()
                    ? engine.instant(queryable, query.text(), query.startMs(), options)
                    : engine.range(queryable, query.text(), query.startMs(), query.endMs(), query.stepMs(), options);
            Answer value = value(result.value());
            return new Answer(
                    value.type(),
                    null,
                    value.series(),
                    result.warnings(MAX_ANNOTATIONS),
                    result.infos(MAX_ANNOTATIONS));
        } catch (PromQlException e) {
            return Answer.error(e.kind().errorType(), String.valueOf(e.getMessage()));
        }
    }

    private static Answer value(Value value) {
        List<Answer.Series> series = new ArrayList<>();
        if (value instanceof ScalarValue scalar) {
            series.add(single(Labels.EMPTY, scalar.timestampMs(), scalar.value()));
            return new Answer("scalar", null, series, List.of(), List.of());
        }
        if (value instanceof StringValue string) {
            series.add(single(Labels.EMPTY, string.timestampMs(), string.value()));
            return new Answer("string", null, series, List.of(), List.of());
        }
        if (value instanceof VectorValue vector) {
            for (VectorSample sample : vector.samples()) {
                series.add(single(sample.labels(), sample.timestampMs(), point(sample.value(), sample.histogram())));
            }
            return new Answer("vector", null, series, List.of(), List.of());
        }
        ((MatrixValue) value)
                .series()
                .forEach(each -> series.add(new Answer.Series(each.labels(), points(each.samples()))));
        return new Answer("matrix", null, series, List.of(), List.of());
    }

    private static Answer.Series single(Labels labels, long timeMs, Object point) {
        NavigableMap<Long, Object> points = new TreeMap<>();
        points.put(timeMs, point);
        return new Answer.Series(labels, points);
    }

    private static NavigableMap<Long, Object> points(SampleColumns samples) {
        NavigableMap<Long, Object> points = new TreeMap<>();
        for (int i = 0; i < samples.size(); i++) {
            points.put(samples.timestampMs(i), point(samples.value(i), samples.histogram(i)));
        }
        return points;
    }

    private static Object point(double value, @Nullable FloatHistogram histogram) {
        return histogram == null ? (Object) value : HistogramPoint.of(histogram);
    }
}

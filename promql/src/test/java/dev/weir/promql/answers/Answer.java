package dev.weir.promql.answers;

import dev.weir.series.Labels;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * What came of a query.
 *
 * @param type the API's {@code resultType}, or {@code errorType} if there is an error
 * @param error null if there is a value
 * @param series in the order in which they came; a scalar or a string is one without labels
 */
record Answer(String type, @Nullable String error, List<Series> series, List<String> warnings, List<String> infos) {
    Answer {
        series = List.copyOf(series);
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }

    static Answer error(String type, String text) {
        return new Answer(type, text, List.of(), List.of(), List.of());
    }

    /** Points by their time in ms: numbers, texts or {@link HistogramPoint}s. */
    record Series(Labels labels, NavigableMap<Long, Object> points) {}

    int pointCount() {
        return series.stream().mapToInt(each -> each.points().size()).sum();
    }
}

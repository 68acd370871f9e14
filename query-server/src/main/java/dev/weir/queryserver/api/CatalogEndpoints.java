package dev.weir.queryserver.api;

import dev.weir.promql.storage.StoredSeries;
import dev.weir.queryserver.http.Answer;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Params;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.store.StoreView;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The endpoints that say which series and labels there are. */
final class CatalogEndpoints {
    private final Store store;

    CatalogEndpoints(Store store) {
        this.store = store;
    }

    Reply labelNames(Call call) throws ApiException {
        int limit = QueryParams.limit(call.params(), "limit");
        TreeSet<String> names = new TreeSet<>(Labels.BYTE_ORDER);
        forEachSeries(call, selectorsOrAll(call.params()), labels -> labels.forEach((name, value) -> names.add(name)));
        return Answer.strings(new ArrayList<>(names), limit);
    }

    Reply labelValues(Call call) throws ApiException {
        String name = EscapedNames.unescape(call.segment());
        int limit = QueryParams.limit(call.params(), "limit");
        TreeSet<String> values = new TreeSet<>(Labels.BYTE_ORDER);
        forEachSeries(call, selectorsOrAll(call.params()), labels -> {
            String value = labels.get(name);
            if (value != null) {
                values.add(value);
            }
        });
        return Answer.strings(new ArrayList<>(values), limit);
    }

    Reply series(Call call) throws ApiException {
        if (call.params().all("match[]").isEmpty()) {
            throw new ApiException(ErrorType.BAD_DATA, "no match[] parameter provided");
        }
        int limit = QueryParams.limit(call.params(), "limit");
        TreeSet<Labels> found = new TreeSet<>();
        forEachSeries(call, selectorsOrAll(call.params()), found::add);
        return Answer.success(
                json -> {
                    json.beginArray();
                    int shown = 0;
                    for (Labels labels : found) {
                        if (shown++ == limit) {
                            break;
                        }
                        ValueJson.writeLabels(json, labels);
                    }
                    json.endArray();
                },
                found.size() > limit ? List.of(Answer.TRUNCATED) : List.of(),
                List.of());
    }

    private void forEachSeries(Call call, List<List<LabelMatcher>> selectors, Consumer<Labels> action)
            throws ApiException {
        long startMs = QueryParams.time(call.params(), "start", QueryParams.MIN_MILLIS);
        long endMs = QueryParams.time(call.params(), "end", QueryParams.MAX_MILLIS);
        if (endMs < startMs) {
            throw ApiException.badParameter("end", "end timestamp must not be before start time");
        }
        try (StoreView view = store.view(call.scope().project())) {
            for (List<LabelMatcher> matchers : selectors) {
                for (StoredSeries series : view.select(matchers, startMs, endMs)) {
                    action.accept(series.labels());
                }
            }
        }
    }

    private static List<List<LabelMatcher>> selectorsOrAll(Params params) throws ApiException {
        List<List<LabelMatcher>> selectors = Selectors.of(params);
        return selectors.isEmpty() ? List.of(List.of()) : selectors;
    }
}

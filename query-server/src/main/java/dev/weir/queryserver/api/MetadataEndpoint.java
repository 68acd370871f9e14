package dev.weir.queryserver.api;

import dev.weir.promql.storage.StoredSeries;
import dev.weir.queryserver.http.Answer;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.store.MetricMetadata;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.store.StoreView;
import dev.weir.series.Labels;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Type, help and unit of each metric family, as writers sent them. What came without a project is shown to a project only
 * for families that it has series of.
 */
final class MetadataEndpoint implements Endpoint {
    private static final List<String> SUFFIXES =
            List.of("", "_total", "_bucket", "_count", "_sum", "_info", "_created");

    private final Store store;

    MetadataEndpoint(Store store) {
        this.store = store;
    }

    /** What is shown of a family, less its name. */
    private record Entry(String type, String help, String unit) {}

    @Override
    public Reply serve(Call call) throws ApiException {
        int limit = QueryParams.limit(call.params(), "limit");
        int limitPerMetric = QueryParams.limit(call.params(), "limit_per_metric");
        Map<String, Set<Entry>> families = families(call, call.params().get("metric"));
        return Answer.success(json -> {
            json.beginObject();
            int shown = 0;
            for (Map.Entry<String, Set<Entry>> family : families.entrySet()) {
                if (shown++ == limit) {
                    break;
                }
                json.name(family.getKey()).beginArray();
                int shownOfMetric = 0;
                for (Entry entry : family.getValue()) {
                    if (shownOfMetric++ == limitPerMetric) {
                        break;
                    }
                    json.beginObject().name("type").string(entry.type);
                    json.name("help")
                            .string(entry.help)
                            .name("unit")
                            .string(entry.unit)
                            .endObject();
                }
                json.endArray();
            }
            json.endObject();
        });
    }

    private Map<String, Set<Entry>> families(Call call, String metric) {
        String project = call.scope().project();
        Map<String, Set<Entry>> families = new TreeMap<>(Labels.BYTE_ORDER);
        try (StoreView view = store.view(project)) {
            Set<String> names = project == null ? Set.of() : metricNames(view);
            for (MetricMetadata metadata : view.metadata()) {
                boolean isAsked = metric.isEmpty() || metric.equals(metadata.family());
                boolean isVisible = project == null
                        || metadata.scope().equals(project)
                        || SUFFIXES.stream().anyMatch(suffix -> names.contains(metadata.family() + suffix));
                if (isAsked && isVisible) {
                    families.computeIfAbsent(metadata.family(), f -> new LinkedHashSet<>())
                            .add(new Entry(metadata.type(), metadata.help(), metadata.unit()));
                }
            }
        }
        return families;
    }

    private static Set<String> metricNames(StoreView view) {
        Set<String> names = new HashSet<>();
        for (StoredSeries series : view.select(List.of(), QueryParams.MIN_MILLIS, QueryParams.MAX_MILLIS)) {
            names.add(series.labels().metricName());
        }
        return names;
    }
}

package dev.weir.queryserver.api;

import dev.weir.promql.storage.StoredSeries;
import dev.weir.queryserver.http.Answer;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.JsonWriter;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.http.Route;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.store.StoreView;
import dev.weir.series.Labels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code status/*} in the shapes of Prometheus; whoever may read one project sees its part only. */
final class StatusEndpoints {
    /** The Prometheus whose API and language this is, then this server's own version, as semantic versioning has it. */
    private static final String VERSION = "3.5.0+weir.0.1.0";

    private static final int DEFAULT_TOP = 10;
    private static final int MAX_TOP = 10_000;

    private final Store store;
    private final QueryLimits limits;
    private final Duration retention;
    private final InstantSource clock;
    private final Instant started;

    StatusEndpoints(Store store, QueryLimits limits, Duration retention, InstantSource clock) {
        this.store = store;
        this.limits = limits;
        this.retention = retention;
        this.clock = clock;
        this.started = clock.instant();
    }

    void addTo(Map<String, Route> api, QueryRunner runner) {
        api.put("status/buildinfo", Route.get("buildinfo", call -> buildInfo()));
        api.put("status/runtimeinfo", Route.get("runtimeinfo", this::runtimeInfo));
        api.put("status/flags", Route.get("flags", call -> flags()));
        api.put("status/config", Route.get("config", call -> object(Map.of("yaml", "global: {}\n"))));
        api.put("status/tsdb", Route.get("tsdb", runner.inTurn(this::tsdb)));
        api.put(
                "status/walreplay",
                Route.get(
                        "walreplay",
                        call -> Answer.success(json -> {
                            json.beginObject();
                            for (String name : List.of("min", "max", "current")) {
                                json.name(name).raw("0");
                            }
                            json.endObject();
                        })));
    }

    private static Reply buildInfo() {
        return Answer.success(json -> {
            json.beginObject();
            writeText(json, "version", VERSION);
            for (String name : List.of("revision", "branch", "buildUser", "buildDate")) {
                writeText(json, name, "");
            }
            writeText(json, "goVersion", "java" + Runtime.version());
            json.endObject();
        });
    }

    /** Where it runs is nobody's business who can only ask it. */
    private Reply runtimeInfo(Call call) {
        String project = call.scope().project();
        long series = project == null
                ? store.stats().series()
                : store.seriesByProject().getOrDefault(project, 0);
        return Answer.success(json -> {
            json.beginObject();
            writeText(json, "startTime", started.toString());
            writeText(json, "CWD", "");
            writeText(json, "hostname", "");
            writeText(json, "serverTime", clock.instant().toString());
            json.name("reloadConfigSuccess").raw("true");
            writeText(json, "lastConfigTime", started.toString());
            json.name("corruptionCount").raw("0");
            json.name("goroutineCount").raw(Integer.toString(Thread.activeCount()));
            json.name("GOMAXPROCS").raw(Integer.toString(Runtime.getRuntime().availableProcessors()));
            json.name("GOMEMLIMIT").raw(Long.toString(Runtime.getRuntime().maxMemory()));
            writeText(json, "GOGC", "");
            writeText(json, "GODEBUG", "");
            writeText(json, "storageRetention", DurationText.of(retention));
            json.name("timeSeriesCount").raw(Long.toString(series));
            json.endObject();
        });
    }

    /** Those of Prometheus' flags that mean something here. */
    private Reply flags() {
        Map<String, String> flags = new HashMap<>();
        flags.put("enable-feature", "promql-experimental-functions,promql-duration-expr");
        flags.put("query.lookback-delta", DurationText.of(limits.lookbackDelta()));
        flags.put("query.max-concurrency", Integer.toString(limits.maxConcurrentQueries()));
        flags.put("query.max-samples", Long.toString(limits.maxSamples()));
        flags.put("query.timeout", DurationText.of(limits.timeout()));
        flags.put("storage.tsdb.retention.time", DurationText.of(retention));
        flags.put("web.enable-remote-write-receiver", "true");
        return object(flags);
    }

    /** Which names and values have most series; without what only a scan of all samples could tell. */
    private Reply tsdb(Call call) throws ApiException {
        int top = top(call);
        Map<String, Long> byName = new HashMap<>();
        Map<String, Set<String>> values = new HashMap<>();
        Map<String, Long> byPair = new HashMap<>();
        long series = 0;
        try (StoreView view = store.view(call.scope().project())) {
            for (StoredSeries one : view.select(List.of(), QueryParams.MIN_MILLIS, QueryParams.MAX_MILLIS)) {
                Labels labels = one.labels();
                series++;
                byName.merge(labels.metricName(), 1L, Long::sum);
                labels.forEach((name, value) -> {
                    values.computeIfAbsent(name, n -> new HashSet<>()).add(value);
                    byPair.merge(name + "=" + value, 1L, Long::sum);
                });
            }
        }
        Map<String, Long> distinct = new HashMap<>();
        Map<String, Long> bytes = new HashMap<>();
        values.forEach((name, all) -> {
            distinct.put(name, (long) all.size());
            bytes.put(
                    name,
                    all.stream()
                            .mapToLong(value -> value.getBytes(StandardCharsets.UTF_8).length)
                            .sum());
        });
        String head = "{\"numSeries\":" + series + ",\"numLabelPairs\":" + byPair.size() + "}";
        return Answer.success(json -> {
            json.beginObject().name("headStats").raw(head);
            writeTop(json, "seriesCountByMetricName", byName, top);
            writeTop(json, "labelValueCountByLabelName", distinct, top);
            writeTop(json, "memoryInBytesByLabelName", bytes, top);
            writeTop(json, "seriesCountByLabelValuePair", byPair, top);
            json.endObject();
        });
    }

    private static int top(Call call) throws ApiException {
        String text = call.params().get("limit");
        if (text.isEmpty()) {
            return DEFAULT_TOP;
        }
        if (!text.matches("[1-9]\\d{0,4}") || Integer.parseInt(text) > MAX_TOP) {
            throw new ApiException(
                    ErrorType.BAD_DATA, "limit must be a positive number (expected: at most " + MAX_TOP + ")");
        }
        return Integer.parseInt(text);
    }

    private static void writeTop(JsonWriter json, String list, Map<String, Long> counts, int top) throws IOException {
        List<Map.Entry<String, Long>> most = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey(Labels.BYTE_ORDER)))
                .limit(top)
                .toList();
        json.name(list).beginArray();
        for (Map.Entry<String, Long> entry : most) {
            json.beginObject();
            writeText(json, "name", entry.getKey());
            json.name("value").raw(Long.toString(entry.getValue())).endObject();
        }
        json.endArray();
    }

    private static Reply object(Map<String, String> texts) {
        return Answer.success(json -> {
            json.beginObject();
            for (Map.Entry<String, String> entry :
                    texts.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
                writeText(json, entry.getKey(), entry.getValue());
            }
            json.endObject();
        });
    }

    private static void writeText(JsonWriter json, String name, String text) throws IOException {
        json.name(name).string(text);
    }
}

package dev.weir.queryserver.api;

import dev.weir.promql.engine.PromQlEngine;
import dev.weir.queryserver.http.Answer;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.JsonWriter;
import dev.weir.queryserver.http.Need;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.http.Route;
import dev.weir.queryserver.http.Router;
import dev.weir.queryserver.http.Scope;
import dev.weir.queryserver.page.PageRoutes;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.telemetry.ServerMetrics;
import dev.weir.queryserver.token.TokenEndpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every path that the server answers, and what answers it. */
public final class ApiRoutes {
    /** The Prometheus whose API and language this is, then this server's own version, as semantic versioning has it. */
    private static final String VERSION = "3.5.0+weir.0.1.0";

    private static final Set<String> PROBE_METHODS = Set.of("GET", "HEAD");

    private final Store store;
    private final PromQlEngine engine;
    private final QueryLimits limits;
    private final Duration hold;
    private final InstantSource clock;
    private final ServerMetrics metrics;
    private final Instant started;

    public ApiRoutes(
            Store store,
            PromQlEngine engine,
            QueryLimits limits,
            Duration hold,
            InstantSource clock,
            ServerMetrics metrics) {
        this.store = store;
        this.engine = engine;
        this.limits = limits;
        this.hold = hold;
        this.clock = clock;
        this.metrics = metrics;
        this.started = clock.instant();
    }

    /**
     * @param remoteWrite the route of {@code /api/v1/write}
     * @param tokens what manages tokens; null if there are none
     */
    public Router router(Route remoteWrite, @Nullable TokenEndpoints tokens) {
        QueryRunner runner = new QueryRunner(store, engine, limits, hold, metrics);
        QueryEndpoints queries = new QueryEndpoints(runner, limits.maxPoints(), clock);
        CatalogEndpoints catalog = new CatalogEndpoints(store);
        Map<String, Route> api = new HashMap<>();
        api.put("query", Route.query("query", queries::instant));
        api.put("query_range", Route.query("query_range", queries::range));
        api.put("format_query", Route.query("format_query", queries::format));
        api.put("labels", Route.query("labels", catalog::labelNames));
        api.put("series", Route.query("series", catalog::series));
        api.put("metadata", Route.get("metadata", new MetadataEndpoint(store)));
        api.put("write", remoteWrite);
        addUnused(api);
        addStatus(api);
        if (tokens != null) {
            api.put("tokens", Route.adminGet("tokens", tokens::list));
            api.put("tokens/create", Route.adminForm("tokens_create", tokens::create));
            api.put("tokens/revoke", Route.adminForm("tokens_revoke", tokens::revoke));
        }
        return new Router(
                api,
                fixedRoutes(),
                Route.get("label_values", catalog::labelValues),
                Route.query("timeseries", queries::instantOrRange));
    }

    /** What Grafana asks for and a server without rules, exemplars and targets has none of. */
    private static void addUnused(Map<String, Route> api) {
        api.put(
                "query_exemplars",
                Route.query(
                        "query_exemplars",
                        call -> Answer.success(json -> json.beginArray().endArray())));
        api.put("rules", Route.get("rules", emptyList("groups")));
        api.put("alerts", Route.get("alerts", emptyList("alerts")));
    }

    private static Endpoint emptyList(String name) {
        return call -> Answer.success(
                json -> json.beginObject().name(name).beginArray().endArray().endObject());
    }

    private void addStatus(Map<String, Route> api) {
        api.put(
                "status/buildinfo",
                Route.get(
                        "buildinfo",
                        call -> Answer.success(json -> {
                            json.beginObject();
                            writeText(json, "version", VERSION);
                            writeText(json, "revision", "");
                            writeText(json, "branch", "");
                            writeText(json, "buildUser", "");
                            writeText(json, "buildDate", "");
                            writeText(json, "goVersion", "java" + Runtime.version());
                            json.endObject();
                        })));
        api.put(
                "status/runtimeinfo",
                Route.get(
                        "runtimeinfo",
                        call -> Answer.success(json -> {
                            json.beginObject();
                            writeText(json, "startTime", started.toString());
                            writeText(json, "serverTime", clock.instant().toString());
                            json.name("timeSeriesCount").raw(Long.toString(seriesCount(call.scope())));
                            json.endObject();
                        })));
        api.put(
                "status/flags",
                Route.get(
                        "flags",
                        call -> Answer.success(json -> json.beginObject().endObject())));
    }

    private Map<String, Route> fixedRoutes() {
        Map<String, Route> fixed = new HashMap<>(PageRoutes.byPath());
        fixed.put("/-/healthy", probe("healthy", "Weir is Healthy.\n"));
        fixed.put("/-/ready", probe("ready", "Weir is Ready.\n"));
        fixed.put("/metrics", Route.get("metrics", call -> {
            String text = metrics.text(store, call.scope().project(), clock.instant());
            return new Reply(
                    200,
                    "text/plain; version=0.0.4; charset=utf-8",
                    Map.of(),
                    out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        }));
        return fixed;
    }

    private long seriesCount(Scope scope) {
        return scope.project() == null
                ? store.stats().series()
                : store.seriesByProject().getOrDefault(scope.project(), 0);
    }

    private static Route probe(String name, String text) {
        return new Route(
                name,
                Need.NOTHING,
                PROBE_METHODS,
                new Route.BodyLimit("maxFormBytes", 0),
                call -> Reply.text(200, text));
    }

    private static void writeText(JsonWriter json, String name, String text) throws IOException {
        json.name(name).string(text);
    }
}

package dev.weir.queryserver.api;

import dev.weir.promql.engine.EngineOptions;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Need;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.http.Route;
import dev.weir.queryserver.http.Router;
import dev.weir.queryserver.limit.ProjectLimits;
import dev.weir.queryserver.page.PageRoutes;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.telemetry.ServerMetrics;
import dev.weir.queryserver.token.TokenEndpoints;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every path that the server answers, and what answers it. */
public final class ApiRoutes {
    private static final Set<String> PROBE_METHODS = Set.of("GET", "HEAD");

    private final Store store;
    private final EngineOptions engineOptions;
    private final QueryLimits limits;
    private final ProjectLimits.Table projectLimits;
    private final Duration hold;
    private final InstantSource clock;
    private final ServerMetrics metrics;
    private final StatusEndpoints status;

    public ApiRoutes(
            Store store,
            EngineOptions engineOptions,
            QueryLimits limits,
            ProjectLimits.Table projectLimits,
            Duration hold,
            Duration retention,
            InstantSource clock,
            ServerMetrics metrics) {
        this.store = store;
        this.engineOptions = engineOptions;
        this.limits = limits;
        this.projectLimits = projectLimits;
        this.hold = hold;
        this.clock = clock;
        this.metrics = metrics;
        this.status = new StatusEndpoints(store, limits, retention, clock);
    }

    /**
     * @param writes the routes that take data in, by what follows {@code /api/v1/}
     * @param tokens what manages tokens; null if there are none
     * @param ownMetrics what tells the server's own metrics; null if that is elsewhere
     */
    public Router router(
            Map<String, Route> writes, @Nullable TokenEndpoints tokens, @Nullable MetricsEndpoint ownMetrics) {
        QueryRunner runner = new QueryRunner(store, engineOptions, limits, projectLimits, hold, metrics);
        QueryEndpoints queries = new QueryEndpoints(runner, clock);
        CatalogEndpoints catalog = new CatalogEndpoints(store);
        Map<String, Route> api = new HashMap<>();
        api.put("query", Route.query("query", queries::instant));
        api.put("query_range", Route.query("query_range", queries::range));
        api.put("format_query", Route.query("format_query", queries::format));
        api.put("labels", Route.query("labels", runner.inTurn(catalog::labelNames)));
        api.put("series", Route.query("series", runner.inTurn(catalog::series)));
        api.put("metadata", Route.get("metadata", runner.inTurn(new MetadataEndpoint(store))));
        api.putAll(writes);
        api.put("federate", Route.get("federate", runner.inTurn(new FederateEndpoint(store, limits, clock))));
        AbsentEndpoints.addTo(api);
        status.addTo(api, runner);
        if (tokens != null) {
            api.put("tokens", Route.adminGet("tokens", tokens::list));
            api.put("tokens/create", Route.adminForm("tokens_create", tokens::create));
            api.put("tokens/revoke", Route.adminForm("tokens_revoke", tokens::revoke));
        }
        Map<String, Route> fixed = new HashMap<>(PageRoutes.byPath());
        fixed.putAll(fixedRoutes(ownMetrics));
        return new Router(
                api,
                fixed,
                Route.get("label_values", runner.inTurn(catalog::labelValues)),
                Route.query("timeseries", queries::instantOrRange));
    }

    /** The server's own metrics, health, and nothing else. */
    public static Router metricsAlone(MetricsEndpoint ownMetrics) {
        Route none = Route.get("none", call -> {
            throw new ApiException(ErrorType.NOT_FOUND, "nothing but /metrics is here");
        });
        return new Router(Map.of(), fixedRoutes(ownMetrics), none, none);
    }

    private static Map<String, Route> fixedRoutes(@Nullable MetricsEndpoint ownMetrics) {
        Map<String, Route> fixed = new HashMap<>();
        fixed.put("/-/healthy", probe("healthy", "Weir is Healthy.\n"));
        fixed.put("/-/ready", probe("ready", "Weir is Ready.\n"));
        if (ownMetrics != null) {
            fixed.put("/metrics", Route.get("metrics", ownMetrics));
        }
        return fixed;
    }

    private static Route probe(String name, String text) {
        return new Route(
                name,
                Need.NOTHING,
                PROBE_METHODS,
                new Route.BodyLimit("maxFormBytes", 0),
                call -> Reply.text(200, text));
    }
}

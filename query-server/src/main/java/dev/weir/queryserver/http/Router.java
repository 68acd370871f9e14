package dev.weir.queryserver.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a path. The standard API lies under several bases; under {@value #PROJECTS}, the path names the
 * project too.
 *
 * <pre>
 * /api/v1/..., /federate                                         Prometheus; the latter under the other bases too
 * /v1/metrics/api/v1/...                                          Wallaroo, base of its SDK
 * /v1/api/metrics/{query, query_range}, /v1/api/metrics/api/v1/...  Wallaroo
 * /v1alpha5/projects/{project}/metrics/timeseries?query=          Crusoe
 * /v1alpha5/projects/{project}/metrics/timeseries/api/v1/...      Crusoe, base of its Grafana source
 * </pre>
 */
public final class Router {
    private static final String API = "/api/v1/";
    private static final String FEDERATE = "/federate";
    private static final String WALLAROO = "/v1/api/metrics";
    private static final String PROJECTS = "/v1alpha5/projects/";
    private static final String TIMESERIES = "/metrics/timeseries";
    private static final List<String> BASES = List.of("", "/v1/metrics", WALLAROO);
    private static final String LABEL = "label/";
    private static final String VALUES = "/values";

    private final Map<String, Route> api;
    private final Map<String, Route> fixed;
    private final Route labelValues;
    private final Route timeseries;

    /**
     * @param api routes of the standard API, by what follows {@code /api/v1/}
     * @param fixed routes at one path each
     * @param labelValues {@code label/<name>/values} of the standard API
     * @param timeseries an instant or range query directly on a project's base
     */
    public Router(Map<String, Route> api, Map<String, Route> fixed, Route labelValues, Route timeseries) {
        this.api = Map.copyOf(api);
        this.fixed = Map.copyOf(fixed);
        this.labelValues = labelValues;
        this.timeseries = timeseries;
    }

    /**
     * A route found.
     *
     * @param project the project that the path names; null if it names none
     * @param segment what the route leaves open
     */
    public record Match(Route route, @Nullable String project, String segment) {}

    /** The route of a path that is still percent-encoded; null if there is none. */
    public @Nullable Match find(String encodedPath) throws ApiException {
        Route atPath = fixed.get(encodedPath);
        if (atPath != null) {
            return new Match(atPath, null, "");
        }
        for (String base : BASES) {
            if (encodedPath.equals(base + FEDERATE)) {
                return findApi(FEDERATE.substring(1), null);
            }
            if (encodedPath.startsWith(base + API)) {
                return findApi(encodedPath.substring(base.length() + API.length()), null);
            }
        }
        if (encodedPath.startsWith(WALLAROO + "/query")) {
            Route route = api.get(encodedPath.substring(WALLAROO.length() + 1));
            return route == null ? null : new Match(route, null, "");
        }
        return encodedPath.startsWith(PROJECTS) ? findInProject(encodedPath.substring(PROJECTS.length())) : null;
    }

    private @Nullable Match findInProject(String rest) throws ApiException {
        int end = rest.indexOf('/');
        if (end <= 0 || !rest.startsWith(TIMESERIES, end)) {
            return null;
        }
        String project = Params.decode(rest.substring(0, end), false);
        String below = rest.substring(end + TIMESERIES.length());
        if (below.isEmpty() || below.equals("/")) {
            return new Match(timeseries, project, "");
        }
        if (below.equals(FEDERATE)) {
            return findApi(FEDERATE.substring(1), project);
        }
        return below.startsWith(API) ? findApi(below.substring(API.length()), project) : null;
    }

    private @Nullable Match findApi(String rest, @Nullable String project) throws ApiException {
        if (rest.startsWith(LABEL) && rest.endsWith(VALUES) && rest.length() > LABEL.length() + VALUES.length()) {
            String name = rest.substring(LABEL.length(), rest.length() - VALUES.length());
            return new Match(labelValues, project, Params.decode(name, false));
        }
        Route route = api.get(rest);
        return route == null ? null : new Match(route, project, "");
    }
}

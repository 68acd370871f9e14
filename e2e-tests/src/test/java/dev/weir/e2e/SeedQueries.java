package dev.weir.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** The queries and routes that the documented systems offer, with the demo's names for their placeholders. */
final class SeedQueries {
    /** One query in one of its forms, and the routes on which its system answers. */
    record SeedQuery(String id, String form, String text, List<Route> routes) {
        @Override
        public String toString() {
            return id + " (" + form + ")";
        }

        /** Crusoe's series move once a minute. */
        boolean isMinutely() {
            return id.startsWith("C");
        }

        /** The ways of asking that give nothing. */
        List<String> unanswered(PromClient client) {
            double now = Instant.now().toEpochMilli() / 1000.0;
            List<String> empty = new ArrayList<>();
            for (Route route : routes) {
                Map<String, String> untimed = Map.of("query", text);
                Map<String, String> past = with(untimed, Map.of("time", Double.toString(now - 20)));
                Map<String, String> range = with(
                        untimed,
                        Map.of("start", Double.toString(now - 60), "end", Double.toString(now), "step", "15s"));
                check(client.get(route.instant(), untimed), "GET " + route.instant(), empty);
                check(client.post(route.instant(), untimed), "POST " + route.instant(), empty);
                check(client.get(route.instant(), past), "GET past " + route.instant(), empty);
                check(client.get(route.range(), range), "GET " + route.range(), empty);
                check(client.post(route.range(), range), "POST " + route.range(), empty);
            }
            return empty;
        }
    }

    /** Where to ask; the paths contain the project if the system's do. */
    record Route(String instant, String range) {}

    private static final String PROJECT = "demo";

    private static final List<Route> WALLAROO = List.of(
            new Route("/v1/api/metrics/query", "/v1/api/metrics/query_range"),
            new Route("/v1/metrics/api/v1/query", "/v1/metrics/api/v1/query_range"),
            new Route("/api/v1/query", "/api/v1/query_range"));

    private static final String CRUSOE_BASE = "/v1alpha5/projects/" + PROJECT + "/metrics/timeseries";

    private static final List<Route> CRUSOE = List.of(
            new Route(CRUSOE_BASE, CRUSOE_BASE + "/api/v1/query_range"),
            new Route(CRUSOE_BASE + "/api/v1/query", CRUSOE_BASE + "/api/v1/query_range"),
            new Route("/api/v1/query", "/api/v1/query_range"));

    private SeedQueries() {}

    static List<SeedQuery> all() throws IOException {
        List<SeedQuery> queries = new ArrayList<>();
        List<Map<String, Object>> entries;
        try (InputStream in = Files.newInputStream(SharedFolder.file("seed-queries.yaml"))) {
            entries = new Yaml().load(in);
        }
        for (Map<String, Object> entry : entries) {
            if (!entry.containsKey("id")) {
                continue;
            }
            String id = String.valueOf(entry.get("id"));
            List<Route> routes = "crusoe".equals(entry.get("system")) ? CRUSOE : WALLAROO;
            for (String form : List.of("query", "example")) {
                if (entry.get(form) instanceof String text) {
                    queries.add(new SeedQuery(id, form, fill(text), routes));
                }
            }
        }
        return queries;
    }

    private static String fill(String query) {
        boolean vllm = query.contains("vllm:");
        String namespace = vllm ? "llama-3-1-8b-pipeline-210" : "ccfraud-pipeline-17";
        boolean byNamespace = query.contains("namespace=\"deployment_id\"");
        return query.replace("{pipelineID}", "ccfraud-pipeline")
                .replace("{step}", "15")
                .replace("{step_interval}", "1m")
                .replace("{deploy_id}", "17")
                .replace("{pipeline_namespace}", namespace)
                .replace("{project_id}", PROJECT)
                .replace("{model_name}", "meta-llama/Llama-3.1-8B-Instruct")
                .replace("\"deployment_id\"", byNamespace ? "\"" + namespace + "\"" : "\"17\"");
    }

    private static void check(JsonNode answer, String how, List<String> empty) {
        JsonNode result = answer.path("data").path("result");
        if (!answer.path("status").asText().equals("success") || result.isEmpty()) {
            empty.add(how + ": " + answer);
            return;
        }
        for (JsonNode series : result) {
            JsonNode values = series.path("values");
            JsonNode value = values.isMissingNode() ? series.path("value") : values.path(values.size() - 1);
            if (value.path(1).asText().equals("NaN")) {
                empty.add(how + ": " + answer);
            }
        }
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }
}

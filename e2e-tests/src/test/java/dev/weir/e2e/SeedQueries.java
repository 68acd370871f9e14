package dev.weir.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
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
}

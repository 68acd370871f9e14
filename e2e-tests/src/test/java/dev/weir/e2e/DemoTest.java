package dev.weir.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.e2e.SeedQueries.Route;
import dev.weir.e2e.SeedQueries.SeedQuery;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./weir demo}: every query that the documented systems offer is answered on its routes. */
class DemoTest {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration SEEDS_LIMIT = Duration.ofMinutes(1);
    private static final Duration MINUTELY_LIMIT = Duration.ofSeconds(150);

    @Test
    void answersEverySeedQueryOnItsRoutes(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        List<SeedQuery> queries = SeedQueries.all();
        int port = WeirProcess.freePort();
        try (WeirProcess weir = WeirProcess.start(
                folder.resolve("weir.log"),
                "demo",
                "--data-dir",
                folder.resolve("data").toString(),
                "--port",
                Integer.toString(port))) {
            weir.awaitLog("ready", START_LIMIT);
            PromClient client = new PromClient(URI.create("http://127.0.0.1:" + port));
            long readyNanos = System.nanoTime();
            for (SeedQuery query : queries) {
                Duration limit = query.isMinutely() ? MINUTELY_LIMIT : SEEDS_LIMIT;
                Duration left = limit.minusNanos(System.nanoTime() - readyNanos);
                Until.holds(query + ": " + query.text() + ": ", left, () -> unanswered(client, query), List::isEmpty);
            }
        }
    }

    /** The ways of asking that give nothing. */
    private static List<String> unanswered(PromClient client, SeedQuery query) {
        double now = Instant.now().toEpochMilli() / 1000.0;
        List<String> empty = new ArrayList<>();
        for (Route route : query.routes()) {
            Map<String, String> untimed = Map.of("query", query.text());
            Map<String, String> past = with(untimed, Map.of("time", Double.toString(now - 20)));
            Map<String, String> range = with(
                    untimed, Map.of("start", Double.toString(now - 60), "end", Double.toString(now), "step", "15s"));
            check(client.get(route.instant(), untimed), "GET " + route.instant(), empty);
            check(client.post(route.instant(), untimed), "POST " + route.instant(), empty);
            check(client.get(route.instant(), past), "GET past " + route.instant(), empty);
            check(client.get(route.range(), range), "GET " + route.range(), empty);
            check(client.post(route.range(), range), "POST " + route.range(), empty);
        }
        return empty;
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

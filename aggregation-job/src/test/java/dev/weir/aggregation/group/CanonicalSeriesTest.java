package dev.weir.aggregation.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.profile.Profiles;
import dev.weir.configuration.ViewConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.series.StaleMarker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Canonical series out of vLLM's pages; values computed by hand. */
class CanonicalSeriesTest {
    private static final String LABELS = "{job=\"j\", kubernetes_namespace=\"chat-1\", model_name=\"m\","
            + " model_server=\"vllm\", namespace=\"chat-1\", pipeline_name=\"chat\", project_id=\"p\","
            + " source=\"scrapes\", vantage=\"engine\"}";

    private final Fleet fleet = Fleet.of();

    @Test
    void growsAsTheEnginesOwnSeriesDo() {
        fleet.scrape("a", 15, tokens(30))
                .advance(25)
                .scrape("b", 27, tokens(12))
                .advance(60);
        assertEquals(
                points("vllm:generation_tokens_total", "model_name=\"m\""),
                points("inference_output_tokens_total", "model_name=\"m\""));
        assertEquals(42, fleet.value("inference_output_tokens_total"));
        assertTrue(
                fleet.receiver.series.containsKey("inference_output_tokens_total" + LABELS),
                () -> fleet.names().toString());
    }

    @Test
    void addsUpWhatTheEngineTellsApart() {
        fleet.scrape("a", 15, """
                        # TYPE vllm:request_success_total counter
                        vllm:request_success_total{engine="0",finished_reason="stop",model_name="m"} 5
                        vllm:request_success_total{engine="1",finished_reason="stop",model_name="m"} 7
                        vllm:request_success_total{engine="0",finished_reason="error",model_name="m"} 2
                        """).advance(60);
        assertEquals(14, fleet.value("inference_requests_total"));
        assertEquals(2, fleet.value("inference_request_errors_total"));
    }

    @Test
    void countsARenamedFamilyOnceOnAPageThatHasBothNamesAndEachOnPagesThatHaveOne() {
        String both = histogram("vllm:request_time_per_output_token_seconds", 3)
                + histogram("vllm:time_per_output_token_seconds", 50);
        fleet.scrape("old", 15, histogram("vllm:time_per_output_token_seconds", 20));
        fleet.scrape("both", 16, both).advance(40);
        fleet.scrape("old", 45, histogram("vllm:time_per_output_token_seconds", 22));
        fleet.scrape(
                        "both",
                        46,
                        histogram("vllm:request_time_per_output_token_seconds", 4)
                                + histogram("vllm:time_per_output_token_seconds", 60))
                .advance(120);
        assertEquals(22 + 4, fleet.value("inference_time_per_output_token_seconds_count"));
        assertEquals(22 + 60, fleet.value("vllm:time_per_output_token_seconds_count"));
        assertEquals(22 + 60, fleet.value("inference_inter_token_latency_seconds_count"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void conservesWhatCountsWhateverNamesPagesHaveAndHoweverOftenProcessesBeginAnew(int seed) {
        String oldName = "vllm:time_per_output_token_seconds";
        String newName = "vllm:request_time_per_output_token_seconds";
        Random random = new Random(seed);
        Map<String, Integer> values = new HashMap<>();
        int expected = 0;
        int tokens = 0;
        int second = 15;
        for (int step = 0; step < 60; step++) {
            String target = "t" + random.nextInt(4);
            boolean hasOld = random.nextInt(3) > 0;
            boolean hasNew = !hasOld || random.nextBoolean();
            boolean anew = random.nextInt(8) == 0;
            StringBuilder page = new StringBuilder();
            for (String name : List.of(oldName, newName, "tokens")) {
                if (!name.equals("tokens") && !(name.equals(oldName) ? hasOld : hasNew)) {
                    continue;
                }
                int before = values.getOrDefault(target + name, 0);
                int value = (anew ? 0 : before) + random.nextInt(9);
                int gained = value < before ? value : value - before;
                values.put(target + name, value);
                if (name.equals("tokens")) {
                    tokens += gained;
                    page.append(tokens(value));
                } else {
                    expected += name.equals(newName) || !hasNew ? gained : 0;
                    page.append(histogram(name, value));
                }
            }
            fleet.scrape(target, second, page.toString());
            second += 1 + random.nextInt(9);
            fleet.advance(second - 5);
        }
        fleet.advance(second + 100);
        assertEquals(expected, fleet.value("inference_time_per_output_token_seconds_count"));
        assertEquals(expected * 0.5, fleet.value("inference_time_per_output_token_seconds_sum"), 1e-6);
        assertEquals(tokens, fleet.value("inference_output_tokens_total"));
        assertEquals(points("vllm:generation_tokens_total"), points("inference_output_tokens_total"));
    }

    @Test
    void losesNothingOfWhatWasPendingWhenThePageChanged() {
        fleet.scrape("a", 15, histogram("vllm:time_per_output_token_seconds", 20))
                .advance(20);
        String both = histogram("vllm:request_time_per_output_token_seconds", 0)
                + histogram("vllm:time_per_output_token_seconds", 25);
        fleet.scrape("a", 22, both).advance(100);
        assertEquals(20, fleet.value("inference_time_per_output_token_seconds_count"));
    }

    @Test
    void mergesHistogramsWithTheirSumsUnderPlainBounds() {
        fleet.scrape("a", 15, histogram("vllm:e2e_request_latency_seconds", 4)).advance(60);
        assertEquals(4, fleet.value("inference_request_duration_seconds_bucket", "le=\"1\""));
        assertEquals(2, fleet.value("inference_request_duration_seconds_sum"));
    }

    @Test
    void startsAtZeroWhereTheEngineTellsZero() {
        fleet.scrape("a", 15, tokens(0)).advance(30);
        assertEquals(0, fleet.value("inference_output_tokens_total"));
        assertTrue(fleet.series("inference_input_tokens_total").isEmpty());
    }

    @Test
    void saysOfPagesOfNoKnownEngineWhetherTheyCameAndNoMore() {
        fleet.scrape("a", 15, "# TYPE generation_tokens_total counter\ngeneration_tokens_total 5\n")
                .advance(30);
        assertTrue(
                fleet.names().stream()
                        .filter(name -> name.startsWith("inference_"))
                        .allMatch(name -> name.startsWith("inference_completeness_ratio")),
                () -> fleet.names().toString());
    }

    @Test
    void endsWithTheEnginesOwnSeries() {
        fleet.scrape("a", 15, tokens(30)).advance(4_000);
        NavigableMap<Long, Double> canonical =
                fleet.series("inference_output_tokens_total").get(0);
        NavigableMap<Long, Double> own =
                fleet.series("vllm:generation_tokens_total").get(0);
        assertTrue(StaleMarker.isStale(canonical.lastEntry().getValue()));
        assertEquals(own.lastKey(), canonical.lastKey());
    }

    @Test
    void sumsGaugesOverReplicasAndTakesTheMeanOfRatios() {
        fleet.scrape("a", 15, load(3, 0.2)).scrape("b", 16, load(5, 0.6)).advance(30);
        assertEquals(8, fleet.value("inference_requests_running"));
        assertEquals(0.4, fleet.value("inference_kv_cache_utilization_ratio"), 1e-12);
        assertEquals(2, fleet.value("inference_replicas"));
    }

    @Test
    void leavesReplicasOutWhoseNewestScrapeFailedOrIsTwoIntervalsOld() {
        fleet.scrape("a", 15, load(3, 0.2)).scrape("b", 16, load(5, 0.6)).scrape("c", 17, load(7, 0.7));
        fleet.advance(25);
        fleet.fail("b", 27).scrape("a", 30, load(4, 0.2)).advance(35);
        assertEquals(11, fleet.value("inference_requests_running"));
        fleet.scrape("a", 45, load(4, 0.2))
                .advance(55)
                .scrape("a", 60, load(4, 0.2))
                .advance(65);
        assertEquals(4, fleet.value("inference_requests_running"));
        assertEquals(1, fleet.value("inference_replicas"));
        fleet.fail("a", 75).advance(80);
        assertTrue(StaleMarker.isStale(fleet.value("inference_replicas")));
    }

    @Test
    void saysWhatEveryPageOfTheEngineHasAndThisOneLacks() {
        fleet.scrape("a", 15, tokens(30)).advance(20);
        assertEquals(
                1, fleet.value("weir_profile_family_missing", "metric=\"inference_requests_total\"", "instance=\"a\""));
        assertTrue(fleet.series("weir_profile_family_missing", "inference_output_tokens_total")
                .isEmpty());
        assertTrue(fleet.series("weir_profile_family_missing", "inference_queue_time_seconds")
                .isEmpty());
        fleet.fail("a", 30).advance(35);
        assertTrue(
                StaleMarker.isStale(fleet.value("weir_profile_family_missing", "metric=\"inference_requests_total\"")));
    }

    @Test
    void saysWhereRequestsSucceedAndNoTokenIsReported() {
        fleet.scrape("a", 15, tokens(0) + requests(8)).advance(40);
        assertTrue(fleet.series("weir_usage_not_reported").isEmpty());
        fleet.scrape("a", 45, tokens(0) + requests(14)).advance(75);
        assertEquals(14, fleet.value("weir_usage_not_reported", "model_name=\"m\"", "vantage=\"engine\""));
        fleet.scrape("a", 76, tokens(5) + requests(15)).advance(110);
        assertTrue(StaleMarker.isStale(fleet.value("weir_usage_not_reported")));
    }

    @Test
    void saysSoOfAGatewayWhoseTokensHaveNotEvenAFamily() {
        fleet.scrape("a", 15, """
                        # TYPE inference_objective_request_total counter
                        inference_objective_request_total{model_name="m",target_model_name="t"} 12
                        """).advance(40);
        assertEquals(12, fleet.value("weir_usage_not_reported", "target_model_name=\"t\"", "vantage=\"gateway\""));
    }

    @Test
    void isSilentWhereATargetExposesTheNameItself() {
        Fleet viewed = Fleet.of(ViewConfig.named("wallaroo"));
        viewed.scrape("a", 15, histogram("vllm:e2e_request_latency_seconds", 4)).advance(30);
        assertEquals(4, viewed.value("latency_histogram_ns_count"));
        viewed.scrape("b", 31, histogram("latency_histogram_ns", 9)).advance(60);
        assertEquals(9, viewed.value("latency_histogram_ns_count", "model_name=\"m\", pipeline_name"));
        assertTrue(StaleMarker.isStale(viewed.value("latency_histogram_ns_count", ", namespace=")));
    }

    @Test
    void knowsAnEngineByOneFileAlone(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("acme.yml"), """
                profile: acme
                vantage: engine
                detect: [acme_calls]
                types: {acme_calls: counter, acme_took_ms: histogram}
                replica_labels: [shard]
                labels: {model_name: [net]}
                canonical:
                  inference_requests_total: {from: [{family: acme_calls}]}
                  inference_request_duration_seconds: {from: [{family: acme_took_ms, scale: 1e-3}]}
                """);
        WeirConfig config = WeirConfig.parse(
                "aggregation: {profiles: [acme.yml]}",
                folder.resolve("weir.yml").toString());
        assertEquals(List.of(file.toString()), config.aggregation().profiles());
        Fleet acme = new Fleet(
                Profiles.load(config.aggregation().profiles()), Map.of("job", "j"), ViewConfig.named("crusoe"));
        acme.scrape("a", 15, """
                        acme_calls{net="n",shard="1"} 5
                        acme_calls{net="n",shard="2"} 6
                        acme_took_ms_bucket{net="n",le="250"} 4
                        acme_took_ms_bucket{net="n",le="+Inf"} 11
                        acme_took_ms_count{net="n"} 11
                        acme_took_ms_sum{net="n"} 3000
                        """).advance(65);
        assertEquals(11, acme.value("inference_requests_total", "model_name=\"n\"", "model_server=\"acme\""));
        assertEquals(4, acme.value("inference_request_duration_seconds_bucket", "le=\"0.25\""));
        assertEquals(3, acme.value("inference_request_duration_seconds_sum"));
        assertEquals(11, acme.value("crusoe_inference_request_count", "model_name=\"n\""));
        assertEquals(11, acme.value("acme_calls", "net=\"n\""));
    }

    @Test
    void tellsTheMedianOfTheNewestMinuteAndTheTokensOfTheLastDay() {
        Fleet viewed = Fleet.of(ViewConfig.named("crusoe"));
        viewed.scrape("a", 15, histogram("vllm:time_to_first_token_seconds", 4) + tokens(7))
                .advance(65);
        // All four lie between 0.3 and 1 s.
        assertEquals(0.65, viewed.value("crusoe_inference_first_token_latency", "model_name=\"m\""), 1e-12);
        assertEquals(7, viewed.value("crusoe_inference_output_token_count_24h"));
        viewed.scrape("a", 75, histogram("vllm:time_to_first_token_seconds", 4) + tokens(9))
                .advance(185);
        assertTrue(StaleMarker.isStale(viewed.value("crusoe_inference_first_token_latency")));
        assertEquals(9, viewed.value("crusoe_inference_output_token_count_24h"));
    }

    @Test
    void showsAPoolAsTheGatewayExtensionDoes() {
        Fleet viewed = Fleet.of(ViewConfig.named("gie"));
        String page = tokens(40) + requests(8) + load(3, 0.2) + waiting(6);
        viewed.scrape("a", 15, page)
                .scrape("b", 16, tokens(20) + requests(2) + load(5, 0.6) + waiting(2))
                .advance(35);
        String pool = "name=\"chat\"";
        assertEquals(0.4, viewed.value("inference_pool_average_kv_cache_utilization", pool), 1e-12);
        assertEquals(4, viewed.value("inference_pool_average_queue_size", pool));
        assertEquals(10, viewed.value("inference_model_request_total", "model_name=\"m\""));
        assertEquals(60, viewed.value("inference_model_output_tokens_sum"));
        assertEquals(10, viewed.value("inference_model_output_tokens_count"));
        assertTrue(
                viewed.series("inference_model_request_duration_seconds_count").isEmpty());
    }

    @Test
    void leavesAGaugeThatATargetExposesToTheTarget() {
        Fleet viewed = Fleet.of(ViewConfig.named("gie"));
        viewed.scrape("a", 15, load(3, 0.2)).advance(20);
        viewed.scrape("b", 22, """
                        # TYPE inference_pool_average_kv_cache_utilization gauge
                        inference_pool_average_kv_cache_utilization{name="own"} 0.9
                        """).advance(30);
        assertEquals(0.9, viewed.value("inference_pool_average_kv_cache_utilization", "instance=\"b\""));
        assertTrue(StaleMarker.isStale(viewed.value("inference_pool_average_kv_cache_utilization", ", name=\"chat\"")));
    }

    @Test
    void tellsMetadataOfCanonicalAndViewedFamilies() {
        Fleet viewed = Fleet.of(ViewConfig.named("crusoe"));
        viewed.scrape("a", 15, tokens(40) + load(1, 0.5)).advance(40);
        assertTrue(
                viewed.receiver.metadataNames.containsAll(List.of(
                        "inference_output_tokens_total",
                        "inference_requests_running",
                        "crusoe_inference_output_token_count")),
                viewed.receiver.metadataNames.toString());
    }

    private static String waiting(int count) {
        return "# TYPE vllm:num_requests_waiting gauge\nvllm:num_requests_waiting{model_name=\"m\"} " + count + "\n";
    }

    private List<Double> points(String name, String... labels) {
        return new ArrayList<>(fleet.series(name, labels).get(0).values());
    }

    private static String tokens(int count) {
        return "# TYPE vllm:generation_tokens_total counter\nvllm:generation_tokens_total{engine=\"0\",model_name=\"m\"} "
                + count + "\n";
    }

    private static String requests(int count) {
        return "# TYPE vllm:request_success_total counter\nvllm:request_success_total{model_name=\"m\"} " + count
                + "\n";
    }

    private static String histogram(String name, int count) {
        return """
                # TYPE %1$s histogram
                %1$s_bucket{model_name="m",le="0.3"} 0
                %1$s_bucket{model_name="m",le="1.0"} %2$d
                %1$s_bucket{model_name="m",le="+Inf"} %2$d
                %1$s_count{model_name="m"} %2$d
                %1$s_sum{model_name="m"} %3$s
                """.formatted(name, count, count * 0.5);
    }

    private static String load(int running, double cache) {
        return """
                # TYPE vllm:num_requests_running gauge
                vllm:num_requests_running{engine="0",model_name="m"} %d
                # TYPE vllm:kv_cache_usage_perc gauge
                vllm:kv_cache_usage_perc{engine="0",model_name="m"} %s
                """.formatted(running, cache);
    }
}

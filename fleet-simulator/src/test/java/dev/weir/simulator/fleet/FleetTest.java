package dev.weir.simulator.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FleetTest {
    private static final String TEXT = "text/plain";

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void sameSeedAndClockGiveTheSameBytesHoweverOftenTheFleetIsRead(EngineKind kind) {
        Workload workload = SimulatedFleet.of(kind, 1, 15);
        SimulatedFleet often = new SimulatedFleet(7, Churn.NONE, workload);
        SimulatedFleet once = new SimulatedFleet(7, Churn.NONE, workload);
        for (int i = 0; i < 300; i++) {
            often.clock.advance(Duration.ofMillis(137));
            often.scrape(10_000, TEXT);
        }
        once.clock.advance(Duration.ofMillis(137 * 300));
        assertEquals(once.scrape(10_000, TEXT), often.scrape(10_000, TEXT));
    }

    @Test
    void anotherSeedGivesOtherBytes() {
        SimulatedFleet one = new SimulatedFleet(1, Churn.NONE, SimulatedFleet.vllm(1));
        SimulatedFleet two = new SimulatedFleet(2, Churn.NONE, SimulatedFleet.vllm(1));
        one.clock.advance(Duration.ofSeconds(60));
        two.clock.advance(Duration.ofSeconds(60));
        assertNotEquals(one.scrape(10_000, TEXT), two.scrape(10_000, TEXT));
    }

    @ParameterizedTest
    @EnumSource(value = EngineKind.class, names = "CADVISOR", mode = EnumSource.Mode.EXCLUDE)
    void truthIsTheSumOfWhatThePodsExpose(EngineKind kind) {
        SimulatedFleet simulated = new SimulatedFleet(3, Churn.NONE, SimulatedFleet.of(kind, 3, 25));
        simulated.clock.advance(Duration.ofSeconds(95));
        TreeMap<String, Double> exposed = new TreeMap<>();
        for (int port : SimulatedFleet.ascending(simulated.ports)) {
            SimulatedFleet.samples(simulated.scrape(port, TEXT))
                    .forEach((series, value) -> exposed.merge(series.replaceAll("\\{.*", ""), value, Double::sum));
        }
        JsonNode pipeline = simulated.summary().get("pipelines").get(0);
        Set<String> compared = new HashSet<>();
        for (JsonNode series : pipeline.get("totals")) {
            String name = series.get("name").asText();
            String sample = series.get("type").asText().equals("counter") ? name : name + "_count";
            if (compared.add(name) && exposed.containsKey(sample)) {
                double truth = SimulatedFleet.sum(pipeline.get("totals"), name);
                assertEquals(truth, exposed.get(sample), truth * 1e-12, sample);
            }
        }
        assertTrue(compared.size() >= 3, compared::toString);
        assertEquals(pipeline.get("totals"), pipeline.get("last_served").get("Test"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void totalsSurviveTheProcessesThatMadeThem(long seed) {
        SimulatedFleet simulated = new SimulatedFleet(seed, Churn.HEAVY, SimulatedFleet.vllm(4));
        double before = 0;
        for (int i = 0; i < 120; i++) {
            simulated.clock.advance(Duration.ofSeconds(5));
            JsonNode totals = simulated.summary().get("pipelines").get(0).get("totals");
            double tokens = SimulatedFleet.sum(totals, "vllm:generation_tokens_total");
            assertTrue(tokens > before, "tokens " + tokens + " after " + before);
            before = tokens;
        }
        JsonNode everything = simulated.everything();
        double overProcesses = 0;
        int ended = 0;
        Map<String, Set<String>> startsByAddress = new TreeMap<>();
        for (JsonNode process : everything.get("pods")) {
            overProcesses += SimulatedFleet.sum(process.get("series"), "vllm:generation_tokens_total");
            ended += process.get("ended_ms").isNull() ? 0 : 1;
            startsByAddress
                    .computeIfAbsent(process.get("address").asText(), address -> new HashSet<>())
                    .add(process.get("process_start").asText());
        }
        assertEquals(before, overProcesses);
        assertTrue(ended > 10, "ended " + ended);
        assertTrue(startsByAddress.size() > 8, "some pods are replaced: " + startsByAddress);
        assertTrue(
                startsByAddress.values().stream().anyMatch(starts -> starts.size() > 1),
                "some processes restart in place: " + startsByAddress);
    }

    @Test
    void lastServedIsWhatEachScraperHasReceived() {
        SimulatedFleet simulated = new SimulatedFleet(5, Churn.NONE, SimulatedFleet.vllm(1));
        simulated.clock.advance(Duration.ofSeconds(30));
        double first = SimulatedFleet.value(
                SimulatedFleet.samples(simulated.scrapeAs("Weir", 10_000, TEXT)),
                "vllm:generation_tokens_total{engine=\"0\",model_name=\"llama\"}");
        simulated.clock.advance(Duration.ofSeconds(30));
        simulated.scrapeAs("Prometheus", 10_000, TEXT);
        JsonNode served = simulated.summary().get("pipelines").get(0).get("last_served");
        assertEquals(first, SimulatedFleet.sum(served.get("Weir"), "vllm:generation_tokens_total"));
        assertTrue(SimulatedFleet.sum(served.get("Prometheus"), "vllm:generation_tokens_total") > first);
    }

    @Test
    void killedPodClosesItsPortAndIsReplacedUnderAnotherName() {
        SimulatedFleet simulated = new SimulatedFleet(6, Churn.NONE, SimulatedFleet.vllm(1));
        String pod = onlyPod(simulated, 0);
        simulated.fleet.kill(pod, true);
        assertEquals(Set.of(), simulated.ports.open);
        assertNull(simulated.fleet.scrape(10_000));
        simulated.clock.advance(Duration.ofSeconds(10));
        simulated.fleet.settle();
        assertEquals(Set.of(10_001), simulated.ports.open);
        assertNotEquals(pod, onlyPod(simulated, 1));
    }

    @Test
    void restartedProcessCountsFromZeroAtTheSameAddressWithALaterStart() {
        SimulatedFleet simulated = new SimulatedFleet(6, Churn.NONE, SimulatedFleet.vllm(1));
        simulated.clock.advance(Duration.ofSeconds(60));
        Map<String, Double> before = SimulatedFleet.samples(simulated.scrape(10_000, TEXT));
        long restartedSeconds = simulated.clock.instant().getEpochSecond();
        simulated.fleet.restart(onlyPod(simulated, 0));
        assertNull(simulated.fleet.scrape(10_000));
        simulated.clock.advance(Duration.ofSeconds(5));
        Map<String, Double> after = SimulatedFleet.samples(simulated.scrape(10_000, TEXT));
        String tokens = "vllm:generation_tokens_total{engine=\"0\",model_name=\"llama\"}";
        String created = "vllm:generation_tokens_created{engine=\"0\",model_name=\"llama\"}";
        assertTrue(SimulatedFleet.value(after, tokens) < SimulatedFleet.value(before, tokens));
        assertTrue(SimulatedFleet.value(after, "process_start_time_seconds") > restartedSeconds);
        assertTrue(SimulatedFleet.value(after, created) > restartedSeconds);
    }

    @Test
    void seriesOfRareEventsAppearWithTheirFirstEvent() {
        SimulatedFleet simulated = new SimulatedFleet(8, Churn.NONE, SimulatedFleet.vllm(1));
        Map<String, Integer> born = new TreeMap<>();
        for (int second = 1; second <= 300; second++) {
            simulated.clock.advance(Duration.ofSeconds(1));
            int now = second;
            SimulatedFleet.samples(simulated.scrape(10_000, TEXT)).keySet().stream()
                    .filter(series -> series.startsWith("vllm:request_success_total"))
                    .forEach(series -> born.putIfAbsent(series, now));
        }
        assertEquals(4, born.size(), born::toString);
        assertTrue(new HashSet<>(born.values()).size() >= 3, born::toString);
    }

    @Test
    void dataParallelRanksShareTheLoadUnderTheirOwnEngineLabel() {
        SimulatedFleet simulated =
                new SimulatedFleet(8, Churn.NONE, SimulatedFleet.vllm(1).withEngines(2));
        simulated.clock.advance(Duration.ofMinutes(2));
        Map<String, Double> samples = SimulatedFleet.samples(simulated.scrape(10_000, TEXT));
        double first = SimulatedFleet.value(samples, "vllm:prompt_tokens_total{engine=\"0\",model_name=\"llama\"}");
        double second = SimulatedFleet.value(samples, "vllm:prompt_tokens_total{engine=\"1\",model_name=\"llama\"}");
        assertEquals(first, second, first * 0.1);
        JsonNode totals = simulated.summary().get("pipelines").get(0).get("totals");
        assertEquals(first + second, SimulatedFleet.sum(totals, "vllm:prompt_tokens_total"));
    }

    @Test
    void frozenFleetCountsNothingAndGoesOnWhenResumed() {
        SimulatedFleet simulated = new SimulatedFleet(9, Churn.NONE, SimulatedFleet.vllm(2));
        simulated.clock.advance(Duration.ofSeconds(40));
        simulated.fleet.freeze();
        JsonNode frozen = simulated.summary().get("pipelines").get(0);
        double prompts = requests(frozen, "vllm:time_to_first_token_seconds");
        assertEquals(prompts, requests(frozen, "vllm:e2e_request_latency_seconds"), "in flight are completed");
        simulated.clock.advance(Duration.ofSeconds(60));
        assertEquals(
                prompts, requests(simulated.summary().get("pipelines").get(0), "vllm:time_to_first_token_seconds"));
        simulated.fleet.resume();
        simulated.clock.advance(Duration.ofSeconds(10));
        double resumed = requests(simulated.summary().get("pipelines").get(0), "vllm:time_to_first_token_seconds");
        assertTrue(resumed > prompts && resumed < prompts + 2 * 10 * 25, "resumed " + resumed + " from " + prompts);
    }

    @Test
    void ratesAreTheDifferencesOfTruths() {
        SimulatedFleet simulated = new SimulatedFleet(11, Churn.HEAVY, SimulatedFleet.vllm(3));
        simulated.clock.advance(Duration.ofSeconds(61));
        JsonNode before = simulated.summary().get("pipelines").get(0).get("totals");
        simulated.clock.advance(Duration.ofMinutes(2));
        JsonNode after = simulated.summary().get("pipelines").get(0).get("totals");
        JsonNode rates = simulated.rates(120);
        assertTrue(rates.get("complete").asBoolean());
        Map<String, String> families = Map.of(
                "requests_per_second", "vllm:request_success_total",
                "output_tokens_per_second", "vllm:generation_tokens_total",
                "input_tokens_per_second", "vllm:prompt_tokens_total");
        families.forEach((rate, family) -> {
            double difference = SimulatedFleet.sum(after, family) - SimulatedFleet.sum(before, family);
            assertEquals(difference / 120, rates.get(rate).asDouble(), 1e-9, rate);
        });
        double observed = SimulatedFleet.sum(after, "vllm:time_to_first_token_seconds")
                - SimulatedFleet.sum(before, "vllm:time_to_first_token_seconds");
        assertEquals(observed, rates.get("ttft_seconds").get("count").asDouble());
    }

    @ParameterizedTest
    @EnumSource(
            value = EngineKind.class,
            names = {"VLLM", "WALLAROO"})
    void tenSecondRatesFollowTheLoadClosely(EngineKind kind) {
        SimulatedFleet simulated = new SimulatedFleet(12, Churn.NONE, SimulatedFleet.of(kind, 3, 40));
        simulated.clock.advance(Duration.ofMinutes(2));
        List<Double> requests = new ArrayList<>();
        List<Double> tokens = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            simulated.clock.advance(Duration.ofSeconds(10));
            JsonNode rates = simulated.rates(10);
            requests.add(rates.get("requests_per_second").asDouble());
            tokens.add(rates.get(kind == EngineKind.VLLM ? "output_tokens_per_second" : "inferences_per_second")
                    .asDouble());
        }
        // A request counts when it ends, and vLLM's take seconds: those in flight at the edges move its rate.
        assertSteady(requests, kind == EngineKind.VLLM ? 0.03 : 0.01);
        assertSteady(tokens, 0.01);
    }

    @Test
    void aTakenPortIsTriedAgain() {
        SimulatedFleet simulated = new SimulatedFleet(13, Churn.NONE, SimulatedFleet.vllm(1));
        simulated.fleet.restart(onlyPod(simulated, 0));
        simulated.ports.refusing = true;
        simulated.clock.advance(Duration.ofSeconds(5));
        simulated.fleet.settle();
        assertNull(simulated.fleet.scrape(10_000));
        simulated.ports.refusing = false;
        simulated.clock.advance(Duration.ofSeconds(1));
        simulated.fleet.settle();
        assertFalse(simulated.scrape(10_000, TEXT).isEmpty());
    }

    @Test
    void cadvisorShowsTheContainersThatLiveNow() {
        SimulatedFleet simulated = new SimulatedFleet(
                14, Churn.NONE, SimulatedFleet.vllm(3), SimulatedFleet.of(EngineKind.CADVISOR, 1, 0));
        assertEquals(3, containers(simulated, "container=\"engine\""));
        assertEquals(2, containers(simulated, "container=\"engine-sidekick-"));
        simulated.fleet.kill(onlyPod(simulated, 0), false);
        assertEquals(2, containers(simulated, "container=\"engine\""));
        assertEquals(2, simulated.rates(1).get("engine_replicas").asInt());
    }

    @Test
    void controlNamesWhatItDoesNotKnow() {
        SimulatedFleet simulated = new SimulatedFleet(15, Churn.NONE, SimulatedFleet.vllm(1));
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> simulated.fleet.kill("nobody", true));
        assertEquals("pod: nobody (expected: the name of a live pod)", error.getMessage());
    }

    private static void assertSteady(List<Double> rates, double tolerance) {
        for (int i = 1; i + 1 < rates.size(); i++) {
            double trend = (rates.get(i - 1) + rates.get(i) + rates.get(i + 1)) / 3;
            assertEquals(trend, rates.get(i), trend * tolerance, "window " + i + " of " + rates);
        }
    }

    private static long containers(SimulatedFleet simulated, String label) {
        return SimulatedFleet.samples(simulated.scrape(10_003, TEXT)).keySet().stream()
                .filter(series -> series.startsWith("container_memory_usage_bytes{") && series.contains(label))
                .filter(series -> series.contains("namespace=\"llama-3-1-8b-pipeline-210\""))
                .count();
    }

    private static double requests(JsonNode pipeline, String histogram) {
        return SimulatedFleet.sum(pipeline.get("totals"), histogram);
    }

    private static String onlyPod(SimulatedFleet simulated, int index) {
        return simulated.everything().get("pods").get(index).get("name").asText();
    }
}

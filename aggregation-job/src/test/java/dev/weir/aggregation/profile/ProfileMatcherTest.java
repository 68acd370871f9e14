package dev.weir.aggregation.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.exposition.MetricType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which profiles a page has, and which of its families count. */
class ProfileMatcherTest {
    private final Profiles profiles = Profiles.builtIn();
    private final ProfileMatcher matcher = new ProfileMatcher(profiles);

    @Test
    void knowsNothingOfAPageOfNoEngine() {
        PageMatch match = matcher.match(page("go_goroutines", "up"));
        assertEquals("", match.page().text());
        assertTrue(match.missing().isEmpty());
    }

    @Test
    void countsThePresentNameOfARenamedFamilyAndThatAlone() {
        PageMatch both = matcher.match(page("inference_objective_request_total", "llm_d_epp_request_total"));
        assertEquals(1, both.page().mappingsOf("llm_d_epp_request_total").size());
        assertTrue(both.page().mappingsOf("inference_objective_request_total").isEmpty());
        PageMatch old = matcher.match(page("inference_objective_request_total"));
        assertEquals(
                1, old.page().mappingsOf("inference_objective_request_total").size());
    }

    @Test
    void doesNotPreferANameThatIsDeclaredOnly() {
        List<PageFamily> page = new ArrayList<>(page("inference_objective_request_total"));
        page.add(new PageFamily("llm_d_epp_request_total", MetricType.COUNTER, "", false));
        assertEquals(
                1,
                matcher.match(page)
                        .page()
                        .mappingsOf("inference_objective_request_total")
                        .size());
    }

    @Test
    void letsTheEngineCountWhatItsHostCountsToo() {
        PageMatch match = matcher.match(
                page("nv_inference_request_success", "nv_inference_request_failure", "vllm:request_success_total"));
        assertTrue(match.page().mappingsOf("nv_inference_request_success").stream()
                .noneMatch(mapping -> mapping.family().metricName().equals("inference_requests_total")));
        assertEquals(2, match.page().mappingsOf("vllm:request_success_total").size());
    }

    @Test
    void readsItsTextBack() {
        PageMatch match = matcher.match(List.of(
                new PageFamily("GPUMemoryUsed", MetricType.GAUGE, "Torchserve metric with unit: Gigabytes", true),
                new PageFamily("ts_inference_requests_total", MetricType.COUNTER, "", true)));
        PageProfile back = profiles.page(match.page().text());
        assertEquals(match.page().text(), back.text());
        assertEquals(1 << 30, back.mappingsOf("GPUMemoryUsed").get(0).scale());
        assertEquals(match.page().mappingsOf("GPUMemoryUsed"), back.mappingsOf("GPUMemoryUsed"));
    }

    @Test
    void takesNothingFromATextOfProfilesThatAreNotKnown() {
        assertTrue(profiles.page("gone 0,1,").profiles().isEmpty());
    }

    @Test
    void looksAtAPageStructureOnce() {
        assertSame(matcher.match(page("vllm:x")), matcher.match(page("vllm:x")));
    }

    @Test
    void marksStabilityAndLastRequestsInTheHelp() {
        PageMatch picker = matcher.match(page("inference_pool_ready_pods"));
        assertEquals("[ALPHA] Pods.", picker.help("inference_pool_ready_pods", "Pods."));
        assertEquals("[ALPHA] Pods.", picker.help("inference_pool_ready_pods", "[ALPHA] Pods."));
        assertEquals("Goroutines.", picker.help("go_goroutines", "Goroutines."));
        PageMatch torchServe = matcher.match(page("QueueTime", "WorkerThreadTime"));
        String help = torchServe.help("QueueTime", "Torchserve prometheus gauge metric with unit: Milliseconds");
        assertTrue(help.endsWith("(Of the last request only: no quantile can be had of it.)"), help);
        assertEquals("milliseconds", torchServe.unit("gauge metric with unit: Milliseconds", ""));
    }

    private static List<PageFamily> page(String... names) {
        List<PageFamily> page = new ArrayList<>();
        for (String name : names) {
            page.add(new PageFamily(name, MetricType.COUNTER, "", true));
        }
        return page;
    }
}

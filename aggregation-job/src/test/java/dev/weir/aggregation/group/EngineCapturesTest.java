package dev.weir.aggregation.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.aggregation.profile.PageFamily;
import dev.weir.aggregation.profile.Profile;
import dev.weir.aggregation.profile.ProfileMatcher;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.exposition.MetricType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Captured pages of real engines: their profile, and canonical values as {@link CaptureOracle} adds them up. */
class EngineCapturesTest {
    private static final Path CAPTURES = Path.of(System.getProperty("weir.root", ".."), "..", "shared", "captures")
            .normalize();

    @ParameterizedTest
    @CsvSource({
        "vllm, vllm",
        "sglang, sglang",
        "tgi, tgi",
        "triton, triton",
        "trtllm, trtllm",
        "llamacpp, llamacpp",
        "torchserve, torchserve",
        "gie, endpoint-picker",
        "dcgm, dcgm"
    })
    void detectsTheEngineOfEachOfItsCaptures(String folder, String profile) throws IOException {
        assumeCaptures();
        for (Path file : files(CAPTURES.resolve(folder))) {
            if (file.getFileName().toString().startsWith("gie_bbr_")) {
                // The body-based router is no endpoint picker.
                continue;
            }
            assertEquals(List.of(profile), profiles(file), file.toString());
        }
    }

    @Test
    void detectsCadvisorAndTakesNoOtherPageForAnEngine() throws IOException {
        assumeCaptures();
        for (String folder : List.of("generic", "prometheus", "envoy", "istio", "litellm", "nvidia_gpu_exporter")) {
            for (Path file : files(CAPTURES.resolve(folder))) {
                List<String> expected =
                        file.getFileName().toString().contains("cadvisor") ? List.of("cadvisor") : List.of();
                assertEquals(expected, profiles(file), file.toString());
            }
        }
    }

    @Test
    void readsVllmOfTheFirstVersion() throws IOException {
        CaptureOracle oracle = oracle("vllm/kubeai_vllm_v0.5_real.txt");
        Fleet fleet = fleet(oracle);
        assertValue(oracle.sum("vllm:request_success_total"), fleet, "inference_requests_total");
        assertValue(oracle.sum("vllm:prompt_tokens_total"), fleet, "inference_input_tokens_total");
        assertValue(oracle.sum("vllm:generation_tokens_total"), fleet, "inference_output_tokens_total");
        assertHistogram(oracle, "vllm:time_to_first_token_seconds", 1, fleet, "inference_time_to_first_token_seconds");
        assertHistogram(
                oracle, "vllm:time_per_output_token_seconds", 1, fleet, "inference_inter_token_latency_seconds");
        assertHistogram(
                oracle, "vllm:time_per_output_token_seconds", 1, fleet, "inference_time_per_output_token_seconds");
        assertHistogram(oracle, "vllm:e2e_request_latency_seconds", 1, fleet, "inference_request_duration_seconds");
        assertValue(oracle.sum("vllm:num_requests_running"), fleet, "inference_requests_running");
        assertValue(oracle.mean("vllm:gpu_cache_usage_perc"), fleet, "inference_kv_cache_utilization_ratio");
        assertValue(1, fleet, "inference_replicas");
    }

    @Test
    void readsVllmWithOldAndNewNamesOnOnePage() throws IOException {
        CaptureOracle oracle = oracle("vllm/datadog_vllm_metrics.txt");
        Fleet fleet = fleet(oracle);
        assertHistogram(
                oracle,
                "vllm:request_time_per_output_token_seconds",
                1,
                fleet,
                "inference_time_per_output_token_seconds");
        assertHistogram(oracle, "vllm:inter_token_latency_seconds", 1, fleet, "inference_inter_token_latency_seconds");
        assertHistogram(oracle, "vllm:request_queue_time_seconds", 1, fleet, "inference_queue_time_seconds");
        assertValue(oracle.mean("vllm:kv_cache_usage_perc"), fleet, "inference_kv_cache_utilization_ratio");
        assertSum(oracle.sum("vllm:prompt_tokens_cached_total"), fleet, "inference_cached_input_tokens_total");
    }

    @Test
    void readsSglang() throws IOException {
        CaptureOracle oracle = oracle("sglang/docs_b044d480.txt");
        Fleet fleet = fleet(oracle);
        assertValue(
                oracle.sum("sglang:e2e_request_latency_seconds_count"),
                fleet,
                "inference_requests_total",
                "model_name=\"google/gemma-2-9b-it\"");
        assertValue(oracle.sum("sglang:prompt_tokens_total"), fleet, "inference_input_tokens_total");
        assertValue(oracle.sum("sglang:generation_tokens_total"), fleet, "inference_output_tokens_total");
        assertHistogram(
                oracle, "sglang:time_to_first_token_seconds", 1, fleet, "inference_time_to_first_token_seconds");
        assertHistogram(
                oracle, "sglang:time_per_output_token_seconds", 1, fleet, "inference_time_per_output_token_seconds");
        assertValue(oracle.mean("sglang:token_usage"), fleet, "inference_kv_cache_utilization_ratio");
    }

    @Test
    void readsTgi() throws IOException {
        CaptureOracle oracle = oracle("tgi/datadog_tgi_payload_first13families.txt");
        Fleet fleet = fleet(oracle);
        assertValue(oracle.sum("tgi_request_count"), fleet, "inference_requests_total");
        assertValue(oracle.sum("tgi_request_failure"), fleet, "inference_request_errors_total");
        assertValue(oracle.sum("tgi_request_input_length_sum"), fleet, "inference_input_tokens_total");
        assertValue(oracle.sum("tgi_queue_size"), fleet, "inference_requests_waiting");
        assertTrue(fleet.series("inference_time_to_first_token_seconds_count").isEmpty());
    }

    @Test
    void readsTriton() throws IOException {
        CaptureOracle oracle = oracle("triton/datadog_triton_metrics_first28families.txt");
        Fleet fleet = fleet(oracle);
        String model = "model_name=\"densenet_onnx\"";
        assertValue(
                oracle.sum("nv_inference_request_success", "model=densenet_onnx"),
                fleet,
                "inference_requests_total",
                model);
        assertValue(
                oracle.sum("nv_inference_request_duration_us", "model=densenet_onnx") / 1e6,
                fleet,
                "inference_request_duration_seconds_sum",
                model);
        assertValue(3, fleet, "inference_request_duration_seconds_count", model);
        assertTrue(fleet.series("inference_request_duration_seconds_bucket").isEmpty());
        assertValue(oracle.sum("nv_gpu_memory_used_bytes"), fleet, "inference_gpu_memory_used_bytes");
    }

    @Test
    void readsTritonsFirstResponsesAsItsDocumentationShowsThem() throws IOException {
        CaptureOracle oracle = oracle("triton/server_docs_1481350e.txt");
        Fleet fleet = fleet(oracle);
        assertValue(30, fleet, "inference_time_to_first_token_seconds_bucket", "le=\"0.5\"");
        assertValue(10.771, fleet, "inference_time_to_first_token_seconds_sum");
    }

    @Test
    void readsTritonsTensorRtBackend() throws IOException {
        CaptureOracle oracle = oracle("triton/trtllm_backend_660bb0ae.txt");
        Fleet fleet = fleet(oracle);
        assertValue(
                oracle.sum("nv_trt_llm_request_metrics", "request_type=waiting"), fleet, "inference_requests_waiting");
        assertValue(
                oracle.sum("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type=fraction"),
                fleet,
                "inference_kv_cache_utilization_ratio");
    }

    @Test
    void readsTensorRt() throws IOException {
        CaptureOracle oracle = oracle("trtllm/llmd_router_trtllm-legacy.txt");
        assertValue(oracle.mean("trtllm_kv_cache_utilization"), fleet(oracle), "inference_kv_cache_utilization_ratio");
    }

    @Test
    void readsLlamaCpp() throws IOException {
        CaptureOracle oracle = oracle("llamacpp/llm_manager_llamacpp_2026.txt");
        Fleet fleet = fleet(oracle);
        assertValue(oracle.sum("llamacpp:prompt_tokens_total"), fleet, "inference_input_tokens_total");
        assertValue(oracle.sum("llamacpp:tokens_predicted_total"), fleet, "inference_output_tokens_total");
        assertTrue(fleet.series("inference_requests_total").isEmpty());
        assertTrue(fleet.series("weir_profile_family_missing").isEmpty());
    }

    @Test
    void readsTorchServe() throws IOException {
        CaptureOracle oracle = oracle("torchserve/datadog_torchserve_metrics.txt");
        Fleet fleet = fleet(oracle);
        String model = "model_name=\"linear_regression_1_1\"";
        assertValue(11, fleet, "inference_requests_total", model);
        assertValue(
                oracle.sum("ts_inference_latency_microseconds", "model_name=linear_regression_1_1") / 1e6,
                fleet,
                "inference_request_duration_seconds_sum",
                model);
        assertValue(
                oracle.sum("ts_queue_latency_microseconds", "model_name=linear_regression_1_1") / 1e6,
                fleet,
                "inference_queue_time_seconds_sum",
                model);
        assertValue(oracle.sum("Requests5XX"), fleet, "inference_request_errors_total");
        assertValue(oracle.mean("GPUUtilization") / 100, fleet, "inference_gpu_utilization_ratio");
    }

    @Test
    void readsDcgm() throws IOException {
        CaptureOracle oracle = oracle("dcgm/runai_gpu_operator_metrics_active_whole_gpu_pod_yaml.txt");
        Fleet fleet = fleet(oracle);
        assertSum(oracle.sum("DCGM_FI_DEV_FB_USED") * 1024 * 1024, fleet, "inference_gpu_memory_used_bytes");
        assertTrue(fleet.series("inference_replicas").isEmpty());
    }

    @Test
    void readsTheEndpointPickersGenerations() throws IOException {
        String labels = "target_model_name=\"t10\"";
        assertValue(30, fleet(oracle("gie/gie_epp_input_tokens_metric.txt")), "inference_input_tokens_total", labels);
        assertValue(
                300,
                fleet(oracle("gie/llmd_epp_llm_d_output_tokens_metric.txt")),
                "inference_output_tokens_total",
                labels);
        assertValue(
                2,
                fleet(oracle("gie/gie_epp_request_ttft_seconds_metric.txt")),
                "inference_time_to_first_token_seconds_count",
                labels,
                "vantage=\"gateway\"");
        CaptureOracle duration = oracle("gie/gie_epp_request_duration_seconds_metric.txt");
        assertSum(
                duration.sum("inference_objective_request_duration_seconds_sum"),
                fleet(duration),
                "inference_request_duration_seconds_sum");
    }

    private static void assertHistogram(
            CaptureOracle oracle, String name, double scale, Fleet fleet, String canonical) {
        assertSum(oracle.sum(name + "_count"), fleet, canonical + "_count");
        assertSum(oracle.sum(name + "_sum") * scale, fleet, canonical + "_sum");
        for (double bound : new double[] {0.01, 0.1, 1, 10}) {
            double expected = oracle.sum(name + "_bucket", "le=" + bound);
            if (expected > 0) {
                String le = bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
                assertSum(expected, fleet, canonical + "_bucket", "le=\"" + le + "\"");
            }
        }
    }

    private static void assertValue(double expected, Fleet fleet, String name, String... labels) {
        assertEquals(expected, fleet.value(name, labels), Math.abs(expected) * 1e-12, name);
    }

    /** Of all series of the name together. */
    private static void assertSum(double expected, Fleet fleet, String name, String... labels) {
        double sum = fleet.series(name, labels).stream()
                .mapToDouble(points -> points.lastEntry().getValue())
                .sum();
        assertEquals(expected, sum, Math.abs(expected) * 1e-12, () -> name + " of " + fleet.names());
    }

    private static Fleet fleet(CaptureOracle capture) {
        return Fleet.of().scrape("a", 15, capture.page).advance(40);
    }

    private static CaptureOracle oracle(String file) throws IOException {
        assumeCaptures();
        return new CaptureOracle(CAPTURES.resolve(file));
    }

    private static void assumeCaptures() {
        assumeTrue(Files.isDirectory(CAPTURES), "no captures at " + CAPTURES);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Names of the profiles of a page, by the first words of its lines. */
    private static List<String> profiles(Path file) throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readString(file).split("\\R")) {
            String[] words = line.strip().split("[ {]", 4);
            if (words[0].equals("#") && words.length > 2 && words[1].equals("TYPE")) {
                names.add(words[2]);
            } else if (!words[0].isEmpty() && !words[0].startsWith("#")) {
                names.add(words[0]);
            }
        }
        List<PageFamily> families = new ArrayList<>();
        names.forEach(name -> families.add(new PageFamily(name, MetricType.UNKNOWN, "", true)));
        return new ProfileMatcher(Profiles.builtIn())
                .match(families).page().profiles().stream().map(Profile::name).toList();
    }
}

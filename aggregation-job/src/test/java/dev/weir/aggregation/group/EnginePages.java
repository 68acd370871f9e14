package dev.weir.aggregation.group;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** A page of each engine with the families it is known to expose under load, by the number of requests it has served. */
final class EnginePages {
    private EnginePages() {}

    static Map<String, IntFunction<String>> all() {
        Map<String, IntFunction<String>> pages = new LinkedHashMap<>();
        pages.put(
                "vLLM",
                n -> vllm(n)
                        + histogram("vllm:request_time_per_output_token_seconds", MODEL, n)
                        + gauge("vllm:kv_cache_usage_perc", MODEL, 0.25));
        pages.put(
                "vLLM, v0",
                n -> vllm(n)
                        + histogram("vllm:time_per_output_token_seconds", MODEL, n)
                        + gauge("vllm:gpu_cache_usage_perc", MODEL, 0.25));
        pages.put("SGLang", EnginePages::sglang);
        pages.put(
                "endpoint picker, inference_model",
                n -> picker("inference_model_", "", n)
                        + histogram("inference_model_request_tpot_seconds", MODEL, n)
                        + gauge("inference_pool_ready_pods", "name=\"pool\"", 3));
        pages.put(
                "endpoint picker, inference_objective",
                n -> picker("inference_objective_", "", n)
                        + histogram("inference_objective_normalized_time_per_output_token_seconds", MODEL, n)
                        + gauge("inference_pool_ready_pods", "name=\"pool\"", 3));
        pages.put(
                "endpoint picker, llm_d_router_epp",
                n -> picker("llm_d_router_epp_", "", n)
                        + histogram("llm_d_router_epp_normalized_time_per_output_token_seconds", MODEL, n)
                        + gauge("llm_d_router_epp_ready_endpoints", "name=\"pool\"", 3));
        pages.put(
                "endpoint picker, llm_d_epp",
                n -> picker("llm_d_epp_", "request_", n)
                        + histogram("llm_d_epp_request_streaming_tpot_seconds", MODEL, n)
                        + gauge("llm_d_epp_ready_endpoints", "name=\"pool\"", 3));
        pages.put("TGI", EnginePages::tgi);
        pages.put(
                "TensorRT-LLM",
                n -> tensorRt(n)
                        + counter("trtllm_prompt_tokens_total", MODEL, 30 * n)
                        + counter("trtllm_generation_tokens_total", MODEL, 20 * n));
        pages.put("TensorRT-LLM, first metrics", EnginePages::tensorRt);
        pages.put("Triton", n -> triton(n) + histogram("nv_inference_first_response_histogram_ms", TRITON, n));
        pages.put("Triton, as it comes", EnginePages::triton);
        pages.put("TorchServe", EnginePages::torchServe);
        pages.put(
                "llama.cpp",
                n -> counter("llamacpp:prompt_tokens_total", "", 30 * n)
                        + counter("llamacpp:tokens_predicted_total", "", 20 * n)
                        + gauge("llamacpp:requests_processing", "", 1));
        pages.put(
                "Wallaroo-like",
                n -> histogram("latency_histogram_ns", "", n) + counter("tensor_throughput_batch_count", "", 3 * n));
        return pages;
    }

    private static final String MODEL = "model_name=\"m\"";
    private static final String TRITON = "model=\"m\",version=\"1\"";

    private static String vllm(int n) {
        return counter("vllm:request_success_total", MODEL + ",finished_reason=\"stop\"", n)
                + counter("vllm:prompt_tokens_total", MODEL, 30 * n)
                + counter("vllm:generation_tokens_total", MODEL, 20 * n)
                + histogram("vllm:time_to_first_token_seconds", MODEL, n)
                + histogram("vllm:e2e_request_latency_seconds", MODEL, n)
                + gauge("vllm:num_requests_running", MODEL, 2);
    }

    private static String sglang(int n) {
        return counter("sglang:num_requests_total", MODEL, n)
                + counter("sglang:prompt_tokens_total", MODEL, 30 * n)
                + counter("sglang:generation_tokens_total", MODEL, 20 * n)
                + histogram("sglang:time_to_first_token_seconds", MODEL, n)
                + histogram("sglang:inter_token_latency_seconds", MODEL, 20 * n)
                + histogram("sglang:e2e_request_latency_seconds", MODEL, n)
                + gauge("sglang:num_running_reqs", MODEL, 2)
                + gauge("sglang:token_usage", MODEL, 0.25);
    }

    private static String picker(String prefix, String tokens, int n) {
        String models = MODEL + ",target_model_name=\"t\"";
        return counter(prefix + "request_total", models, n)
                + histogram(prefix + "request_duration_seconds", models, n)
                + histogram(prefix + "request_ttft_seconds", models, n)
                + histogram(prefix + tokens + "input_tokens", models, n)
                + histogram(prefix + tokens + "output_tokens", models, n);
    }

    private static String tgi(int n) {
        return counter("tgi_request_count", "", n)
                + histogram("tgi_request_input_length", "", n)
                + histogram("tgi_request_generated_tokens", "", n)
                + histogram("tgi_request_duration", "", n)
                + histogram("tgi_request_mean_time_per_token_duration", "", n)
                + gauge("tgi_queue_size", "", 1);
    }

    private static String tensorRt(int n) {
        return counter("trtllm_request_success_total", MODEL + ",finished_reason=\"stop\"", n)
                + histogram("trtllm_e2e_request_latency_seconds", MODEL, n)
                + histogram("trtllm_time_to_first_token_seconds", MODEL, n)
                + histogram("trtllm_time_per_output_token_seconds", MODEL, n);
    }

    private static String triton(int n) {
        return counter("nv_inference_request_success", TRITON, n)
                + counter("nv_inference_request_failure", TRITON, 0)
                + counter("nv_inference_request_duration_us", TRITON, 2000 * n);
    }

    private static String torchServe(int n) {
        String model = "model_name=\"m\",model_version=\"1\",hostname=\"h\",";
        return counter("ts_inference_requests_total", model, n)
                + counter("ts_inference_latency_microseconds", model, 2000 * n);
    }

    private static String counter(String name, String labels, int value) {
        return "# TYPE " + name + " counter\n" + name + "{" + labels + "} " + value + "\n";
    }

    private static String gauge(String name, String labels, double value) {
        return "# TYPE " + name + " gauge\n" + name + "{" + labels + "} " + value + "\n";
    }

    /** All observations lie in the second of three buckets. */
    private static String histogram(String name, String labels, int count) {
        String more = labels.isEmpty() ? "" : labels + ",";
        return "# TYPE %1$s histogram\n%1$s_bucket{%2$sle=\"0.1\"} 0\n%1$s_bucket{%2$sle=\"1\"} %3$d\n"
                        .formatted(name, more, count)
                + "%1$s_bucket{%2$sle=\"+Inf\"} %3$d\n%1$s_sum{%4$s} %5$s\n%1$s_count{%4$s} %3$d\n"
                        .formatted(name, more, count, labels, count * 0.5);
    }
}

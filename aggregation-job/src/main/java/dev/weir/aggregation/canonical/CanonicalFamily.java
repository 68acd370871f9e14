package dev.weir.aggregation.canonical;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The canonical families, in SI base units; a closed list, since a dashboard has to know what to ask for. */
public enum CanonicalFamily {
    REQUESTS("inference_requests_total", Shape.COUNTER, "", "Finished requests, failed ones included."),
    REQUEST_ERRORS("inference_request_errors_total", Shape.COUNTER, "", "Requests that ended in an error."),
    INPUT_TOKENS("inference_input_tokens_total", Shape.COUNTER, "", "Tokens of prompts, cached ones included."),
    OUTPUT_TOKENS("inference_output_tokens_total", Shape.COUNTER, "", "Generated tokens."),
    CACHED_INPUT_TOKENS(
            "inference_cached_input_tokens_total", Shape.COUNTER, "", "Tokens of prompts that a cache held already."),
    REQUEST_DURATION(
            "inference_request_duration_seconds",
            Shape.HISTOGRAM,
            "seconds",
            "From a request's arrival to its end; without buckets where the engine tells the mean only."),
    TIME_TO_FIRST_TOKEN(
            "inference_time_to_first_token_seconds",
            Shape.HISTOGRAM,
            "seconds",
            "From a request's arrival to its first token, as its vantage sees it."),
    TIME_PER_OUTPUT_TOKEN(
            "inference_time_per_output_token_seconds",
            Shape.HISTOGRAM,
            "seconds",
            "Mean time between a request's output tokens, once for each request where the engine tells it so."),
    INTER_TOKEN_LATENCY(
            "inference_inter_token_latency_seconds",
            Shape.HISTOGRAM,
            "seconds",
            "Time between two successive output tokens, once for each token."),
    QUEUE_TIME(
            "inference_queue_time_seconds",
            Shape.HISTOGRAM,
            "seconds",
            "How long a request waited; without buckets where the engine tells the mean only."),
    REQUESTS_RUNNING("inference_requests_running", Shape.GAUGE, "", "Requests being worked on."),
    REQUESTS_WAITING("inference_requests_waiting", Shape.GAUGE, "", "Requests that wait to be worked on."),
    KV_CACHE_UTILIZATION(
            "inference_kv_cache_utilization_ratio",
            Shape.GAUGE,
            "ratio",
            "Part of the key-value cache in use, 0 to 1."),
    REPLICAS("inference_replicas", Shape.GAUGE, "", "Replicas whose newest scrape succeeded; a gateway's ready ones."),
    COMPLETENESS(
            "inference_completeness_ratio",
            Shape.GAUGE,
            "ratio",
            "Targets whose newest scrape succeeded within two intervals, of all that are expected, 0 to 1."),
    GPU_UTILIZATION("inference_gpu_utilization_ratio", Shape.GAUGE, "ratio", "Part of the time a GPU is busy, 0 to 1."),
    GPU_MEMORY_USED("inference_gpu_memory_used_bytes", Shape.GAUGE, "bytes", "Memory of GPUs in use.");

    /** What its series are. */
    public enum Shape {
        COUNTER,
        HISTOGRAM,
        GAUGE
    }

    private static final Map<String, CanonicalFamily> BY_NAME = new LinkedHashMap<>();

    static {
        for (CanonicalFamily family : values()) {
            BY_NAME.put(family.metricName, family);
        }
    }

    private final String metricName;
    private final Shape shape;
    private final String unit;
    private final String help;

    CanonicalFamily(String metricName, Shape shape, String unit, String help) {
        this.metricName = metricName;
        this.shape = shape;
        this.unit = unit;
        this.help = help;
    }

    /** All of them by their metric names, in this order. */
    public static Map<String, CanonicalFamily> words() {
        return Collections.unmodifiableMap(BY_NAME);
    }

    public String metricName() {
        return metricName;
    }

    public Shape shape() {
        return shape;
    }

    /** In OpenMetrics' words; "" for a number of something. */
    public String unit() {
        return unit;
    }

    public String help() {
        return help;
    }
}

package dev.weir.simulator.engine;

import dev.weir.simulator.metric.Family;
import dev.weir.simulator.metric.Family.Options;
import dev.weir.simulator.metric.MetricSet;
import dev.weir.simulator.metric.MetricType;
import dev.weir.simulator.metric.Series;
import java.util.List;

/**
 * The families of a vLLM v1 API server, and their series of one data-parallel rank ({@code engine}): names, labels, buckets and
 * order as its own loggers register them.
 */
final class VllmFamilies {
    private static final int MAX_MODEL_LEN = 131_072;
    private static final double MICROS = 1e6;

    final Series running;
    final Series waiting;
    final Series waitingCapacity;
    final Series kvCacheUsage;
    final Series prefixQueries;
    final Series prefixHits;
    final Series promptTokens;
    final Series promptComputed;
    final Series promptCacheHit;
    final Series promptCached;
    final Series generationTokens;
    final Family requestSuccess;
    final Family corruptedRequests;
    final Family admissionRejections;
    final Series drafts;
    final Series draftTokens;
    final Series acceptedTokens;
    final Series[] acceptedPerPosition = new Series[3];
    final Series flops;
    final Series readBytes;
    final Series writeBytes;
    final Series timeToFirstToken;
    final Series interTokenLatency;
    final Series timePerOutputToken;
    final Series endToEnd;
    final Series queueTime;
    final Series inferenceTime;
    final Series prefillTime;
    final Series decodeTime;
    final Series requestPromptTokens;
    final Series requestGenerationTokens;
    final Series prefillComputed;
    final Series maxGenerationTokens;
    final Series paramsN;
    final Series paramsMaxTokens;
    final Series requestPreemptions;
    final Series iterationTokens;
    final Series kvLifetime;
    final Series kvIdle;
    final Series kvReuse;
    final Family httpRequests;
    final Series httpRequestBytes;
    final Series httpResponseBytes;
    final Series httpFine;
    final Series httpCoarse;

    private final MetricSet set;
    private final String model;
    private final String rank;
    private final long created;

    VllmFamilies(MetricSet set, EngineStart start, String rank) {
        this.rank = rank;
        this.set = set;
        this.model = start.model();
        this.created = start.epochAt(start.startMicros());

        running = gauge("num_requests_running", "Number of requests in model execution batches.");
        waiting = gauge("num_requests_waiting", "Number of requests waiting to be processed.");
        Family byReason = gaugeFamily(
                "num_requests_waiting_by_reason",
                "Number of waiting requests by reason. Reason labels: 'capacity' = waiting for scheduling capacity; "
                        + "'deferred' = deferred by transient constraints (LoRA budget, KV transfer, blocked status). "
                        + "Sum of all reasons equals vllm:num_requests_waiting.",
                "reason");
        waitingCapacity = byReason.with(created, model, rank, "capacity");
        byReason.with(created, model, rank, "deferred").set(0);
        sleepState();
        kvCacheUsage = gauge("kv_cache_usage_perc", "KV-cache usage. 1 means 100 percent usage.");
        corruptedRequests = counterFamily(
                "corrupted_requests", "Corrupted requests, in terms of total number of requests with NaNs in logits.");
        prefixQueries = counter("prefix_cache_queries", "Prefix cache queries, in terms of number of queried tokens.");
        prefixHits = counter("prefix_cache_hits", "Prefix cache hits, in terms of number of cached tokens.");
        String external = " from KV connector cross-instance cache sharing, in terms of number of ";
        counter("external_prefix_cache_queries", "External prefix cache queries" + external + "queried tokens.");
        counter("external_prefix_cache_hits", "External prefix cache hits" + external + "cached tokens.");
        counter("mm_cache_queries", "Multi-modal cache queries, in terms of number of queried items.");
        counter("mm_cache_hits", "Multi-modal cache hits, in terms of number of cached items.");
        counter("num_preemptions", "Cumulative number of preemption from the engine.");
        promptTokens = counter("prompt_tokens", "Number of prefill tokens processed.");
        Family bySource = counterFamily("prompt_tokens_by_source", "Number of prompt tokens by source.", "source");
        promptComputed = bySource.with(created, model, rank, "local_compute");
        promptCacheHit = bySource.with(created, model, rank, "local_cache_hit");
        bySource.with(created, model, rank, "external_kv_transfer");
        promptCached = counter("prompt_tokens_cached", "Number of cached prompt tokens (local + external).");
        counter("prompt_tokens_recomputed", "Number of cached tokens recomputed for forward pass.");
        generationTokens = counter("generation_tokens", "Number of generation tokens processed.");
        requestSuccess =
                counterFamily("request_success", "Count of successfully processed requests.", "finished_reason");
        admissionRejections =
                counterFamily("admission_rejections", "Number of requests rejected at admission.", "reason");

        requestPromptTokens = tokens("request_prompt_tokens", "Number of prefill tokens processed.");
        requestGenerationTokens = tokens("request_generation_tokens", "Number of generation tokens processed.");
        iterationTokens = histogram(
                "iteration_tokens_total", "Histogram of number of tokens per engine_step.", 1, Buckets.VLLM_ITERATION);
        maxGenerationTokens = tokens(
                "request_max_num_generation_tokens", "Histogram of maximum number of requested generation tokens.");
        paramsN = histogram("request_params_n", "Histogram of the n request parameter.", 1, Buckets.VLLM_PARAMS_N);
        paramsMaxTokens = tokens("request_params_max_tokens", "Histogram of the max_tokens request parameter.");
        requestPreemptions = histogram(
                "request_num_preemptions",
                "Histogram of the number of preemptions per request.",
                1,
                Buckets.VLLM_PREEMPTIONS);
        timeToFirstToken = seconds(
                "time_to_first_token_seconds", "Histogram of time to first token in seconds.", Buckets.VLLM_TTFT);
        interTokenLatency = seconds(
                "inter_token_latency_seconds", "Histogram of inter-token latency in seconds.", Buckets.VLLM_PER_TOKEN);
        timePerOutputToken = seconds(
                "request_time_per_output_token_seconds",
                "Histogram of time_per_output_token_seconds per request.",
                Buckets.VLLM_PER_TOKEN);
        endToEnd = latency("e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.");
        queueTime = latency("request_queue_time_seconds", "Histogram of time spent in WAITING phase for request.");
        inferenceTime =
                latency("request_inference_time_seconds", "Histogram of time spent in RUNNING phase for request.");
        prefillTime = latency("request_prefill_time_seconds", "Histogram of time spent in PREFILL phase for request.");
        decodeTime = latency("request_decode_time_seconds", "Histogram of time spent in DECODE phase for request.");
        prefillComputed = tokens(
                "request_prefill_kv_computed_tokens",
                "Histogram of new KV tokens computed during prefill (excluding cached tokens).");
        kvLifetime = residency(
                "kv_block_lifetime_seconds", "Histogram of KV cache block lifetime from allocation to eviction.");
        kvIdle = residency(
                "kv_block_idle_before_evict_seconds", "Histogram of idle time before KV cache block eviction.");
        kvReuse = residency(
                "kv_block_reuse_gap_seconds", "Histogram of time gaps between consecutive KV cache block accesses.");
        drafts = counter("spec_decode_num_drafts", "Number of spec decoding drafts.");
        draftTokens = counter("spec_decode_num_draft_tokens", "Number of draft tokens.");
        acceptedTokens = counter("spec_decode_num_accepted_tokens", "Number of accepted tokens.");
        Family perPosition = counterFamily(
                "spec_decode_num_accepted_tokens_per_pos", "Accepted tokens per draft position.", "position");
        for (int i = 0; i < acceptedPerPosition.length; i++) {
            acceptedPerPosition[i] = perPosition.with(created, model, rank, Integer.toString(i));
        }
        flops = counter("estimated_flops_per_gpu", "Estimated number of floating point operations per GPU.");
        readBytes = counter("estimated_read_bytes_per_gpu", "Estimated number of bytes read from memory per GPU.");
        writeBytes = counter("estimated_write_bytes_per_gpu", "Estimated number of bytes written to memory per GPU.");
        offload();
        gaugeFamily("lora_requests_info", "Running stats on lora requests.", "max_lora")
                .with(created, model, rank, "0")
                .set(created / MICROS);
        cacheConfig();

        HttpFamilies http = new HttpFamilies(set, created);
        httpRequests = http.requests;
        httpRequestBytes = http.requestBytes;
        httpResponseBytes = http.responseBytes;
        httpFine = http.fine;
        httpCoarse = http.coarse;
    }

    private void sleepState() {
        Family family = gaugeFamily(
                "engine_sleep_state",
                "Engine sleep state; awake = 0 means engine is sleeping; awake = 1 means engine is awake; "
                        + "weights_offloaded = 1 means sleep level 1; discard_all = 1 means sleep level 2.",
                "sleep_state");
        family.with(created, model, rank, "awake").set(1);
        family.with(created, model, rank, "weights_offloaded").set(0);
        family.with(created, model, rank, "discard_all").set(0);
    }

    private void offload() {
        Options counters = labelled("transfer_type").withCreated();
        Options sizes = counters.buckets(Buckets.VLLM_OFFLOAD_BYTES);
        List<Family> families = List.of(
                family(
                        MetricType.COUNTER,
                        "kv_offload_total_bytes",
                        "Number of bytes offloaded by KV connector",
                        counters),
                family(
                        MetricType.COUNTER,
                        "kv_offload_total_time",
                        "Total time measured by all KV offloading operations",
                        counters),
                family(
                        MetricType.HISTOGRAM,
                        "kv_offload_size",
                        "Histogram of KV offload transfer size, in bytes.",
                        sizes));
        for (Family family : families) {
            family.with(created, model, rank, "CPU_to_GPU");
            family.with(created, model, rank, "GPU_to_CPU");
        }
    }

    private void cacheConfig() {
        set.register(
                        MetricType.GAUGE,
                        "vllm:cache_config_info",
                        "Information of the LLMEngine CacheConfig",
                        Options.none()
                                .labels(
                                        "block_size",
                                        "cache_dtype",
                                        "calculate_kv_scales",
                                        "enable_prefix_caching",
                                        "engine",
                                        "gpu_memory_utilization",
                                        "is_attention_free",
                                        "num_cpu_blocks",
                                        "num_gpu_blocks",
                                        "num_gpu_blocks_override",
                                        "prefix_caching_hash_algo",
                                        "sliding_window"))
                .with(
                        created, "16", "auto", "False", "True", rank, "0.92", "False", "None", "74272", "None",
                        "sha256", "None")
                .set(1);
    }

    private Series gauge(String name, String help) {
        return gaugeFamily(name, help).with(created, model, rank);
    }

    private Family gaugeFamily(String name, String help, String... more) {
        return family(MetricType.GAUGE, name, help, labelled(more));
    }

    private Series counter(String name, String help) {
        return counterFamily(name, help).with(created, model, rank);
    }

    private Family counterFamily(String name, String help, String... more) {
        return family(MetricType.COUNTER, name, help, labelled(more).withCreated());
    }

    private Series latency(String name, String help) {
        return seconds(name, help, Buckets.VLLM_LATENCY);
    }

    private Series residency(String name, String help) {
        return seconds(name, help, Buckets.VLLM_KV_RESIDENCY);
    }

    private Series seconds(String name, String help, double[] bounds) {
        return histogram(name, help, MICROS, bounds);
    }

    private Series tokens(String name, String help) {
        return histogram(name, help, 1, Buckets.oneTwoFive(MAX_MODEL_LEN));
    }

    private Series histogram(String name, String help, double unitsPerOne, double[] bounds) {
        Options options = labelled().units(unitsPerOne).buckets(bounds).withCreated();
        return family(MetricType.HISTOGRAM, name, help, options).with(created, model, rank);
    }

    private Family family(MetricType type, String name, String help, Options options) {
        return set.register(type, "vllm:" + name, help, options);
    }

    private static Options labelled(String... more) {
        String[] names = new String[more.length + 2];
        names[0] = "model_name";
        names[1] = "engine";
        System.arraycopy(more, 0, names, 2, more.length);
        return Options.none().labels(names);
    }
}

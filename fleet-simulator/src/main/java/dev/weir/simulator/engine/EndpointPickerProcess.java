package dev.weir.simulator.engine;

import dev.weir.simulator.metric.Exposition;
import dev.weir.simulator.metric.Family;
import dev.weir.simulator.metric.Family.Options;
import dev.weir.simulator.metric.MetricType;
import dev.weir.simulator.metric.Series;

/**
 * The endpoint picker of a Gateway API inference extension, with the families of its v1.0: {@code inference_model_*}. In
 * protobuf the latency is a native histogram too, as client_golang makes of one with a bucket factor.
 */
final class EndpointPickerProcess extends CompletionEngine {
    private static final double MICROS = 1e6;
    private static final String ADAPTER = "sql-lora-1";

    private final Family requests;
    private final Family errors;
    private final Family duration;
    private final Family requestSizes;
    private final Family responseSizes;
    private final Family inputTokens;
    private final Family outputTokens;
    private final Series kvCache;
    private final Series queue;
    private final Series cpuSeconds;

    EndpointPickerProcess(EngineStart start) {
        super(start, false);
        String each = " for each model and target model.";
        requests = counter("inference_model_request_total", "Counter of inference model requests broken out" + each);
        errors = counter(
                "inference_model_request_error_total", "Counter of inference model requests errors broken out" + each);
        duration = histogram(
                "inference_model_request_duration_seconds",
                "Inference model response latency distribution in seconds" + each,
                labelled().units(MICROS).buckets(Buckets.EPP_LATENCY).withNative());
        requestSizes = histogram(
                "inference_model_request_sizes",
                "Inference model requests size distribution in bytes" + each,
                labelled().buckets(Buckets.EPP_REQUEST_SIZES));
        responseSizes = histogram(
                "inference_model_response_sizes",
                "Inference model responses size distribution in bytes" + each,
                labelled().buckets(Buckets.EPP_RESPONSE_SIZES));
        inputTokens = histogram(
                "inference_model_input_tokens",
                "Inference model input token count distribution for requests in each model.",
                labelled().buckets(Buckets.EPP_INPUT_TOKENS));
        outputTokens = histogram(
                "inference_model_output_tokens",
                "Inference model output token count distribution for requests in each model.",
                labelled().buckets(Buckets.EPP_OUTPUT_TOKENS));
        kvCache = pool(
                "inference_pool_average_kv_cache_utilization",
                "The average kv cache utilization for an inference server pool.");
        queue = pool(
                "inference_pool_average_queue_size",
                "The average number of requests pending in the model server queue.");
        pool("inference_pool_ready_pods", "The number of ready pods in the inference server pool.")
                .set(3);
        gauge("go_goroutines", "Number of goroutines that currently exist.").set(87);
        cpuSeconds = metrics.register(
                        MetricType.COUNTER,
                        "process_cpu_seconds_total",
                        "Total user and system CPU time spent in seconds.",
                        Options.none().units(100))
                .with(start.epochAt(start.startMicros()));
        gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
                .set(start.processStartSeconds());
    }

    @Override
    public Exposition exposition(String accept) {
        return Exposition.go(accept);
    }

    @Override
    long durationMicros(long index) {
        return draws.logNormal(0, index, 2_300_000, 0.7, 60_000, 600_000_000);
    }

    @Override
    void arrived(long index, long atMicros) {
        String target = target(index);
        requests.with(start.epochAt(atMicros), start.model(), target).add(1);
        requestSizes.with(start.epochAt(atMicros), start.model(), target).observe(220 + 4 * input(index));
        observations().requests().add(atMicros, 1);
    }

    @Override
    void finished(long index, long atMicros) {
        String target = target(index);
        if (draws.uniform(4, index) > 0.995) {
            errors.with(start.epochAt(atMicros), start.model(), target).add(1);
            return;
        }
        long input = input(index);
        long output = output(index);
        duration.with(start.epochAt(atMicros), start.model(), target).observe(durationMicros(index));
        responseSizes.with(start.epochAt(atMicros), start.model(), target).observe(310 + 5 * output);
        inputTokens.with(start.epochAt(atMicros), start.model(), target).observe(input);
        outputTokens.with(start.epochAt(atMicros), start.model(), target).observe(output);
        observations().inferences().add(atMicros, 1);
        observations().inputTokens().add(atMicros, input);
        observations().outputTokens().add(atMicros, output);
        observations().latency().add(atMicros, durationMicros(index));
    }

    @Override
    void refresh(long micros) {
        kvCache.set(Math.min(1, inFlight() / 400.0));
        queue.set(inFlight() / 64.0);
        cpuSeconds.total((micros - start.startMicros()) / 40_000);
    }

    private String target(long index) {
        return draws.uniform(3, index) < 0.9 ? start.model() : ADAPTER;
    }

    private long input(long index) {
        return draws.logNormal(1, index, 480, 0.6, 8, 16_000);
    }

    private long output(long index) {
        return draws.logNormal(2, index, 110, 0.6, 1, 2_000);
    }

    private Family counter(String name, String help) {
        return metrics.register(MetricType.COUNTER, name, alpha(help), labelled());
    }

    private Family histogram(String name, String help, Options options) {
        return metrics.register(MetricType.HISTOGRAM, name, alpha(help), options);
    }

    private Series pool(String name, String help) {
        return metrics.register(
                        MetricType.GAUGE, name, alpha(help), Options.none().labels("name"))
                .with(0, start.pool());
    }

    private Series gauge(String name, String help) {
        return metrics.register(MetricType.GAUGE, name, help, Options.none()).with(0);
    }

    private static Options labelled() {
        return Options.none().labels("model_name", "target_model_name");
    }

    private static String alpha(String help) {
        return "[ALPHA] " + help;
    }
}

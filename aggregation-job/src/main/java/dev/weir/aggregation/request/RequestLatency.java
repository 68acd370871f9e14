package dev.weir.aggregation.request;

import dev.weir.aggregation.sketch.Sketch;

/** What is timed of requests, in seconds. */
enum RequestLatency {
    DURATION("inference_request_duration_seconds", "From a request's arrival to its end; of requests that ended well."),
    TIME_TO_FIRST_TOKEN(
            "inference_time_to_first_token_seconds",
            "From a request's arrival to its first token, as its vantage sees it."),
    TIME_PER_OUTPUT_TOKEN(
            "inference_time_per_output_token_seconds",
            "Mean time between a request's output tokens, once for each request."),
    INTER_TOKEN(
            "inference_inter_token_latency_seconds",
            "Time between two successive output tokens, once for each token but the first.");

    final String metricName;
    final String help;

    RequestLatency(String metricName, String help) {
        this.metricName = metricName;
        this.help = help;
    }

    /** Adds what the request tells of it, which may be nothing. */
    void observe(RequestReport report, Sketch sketch) {
        switch (this) {
            case DURATION -> add(report.durationSeconds(), sketch);
            case TIME_TO_FIRST_TOKEN -> add(report.timeToFirstTokenSeconds(), sketch);
            case TIME_PER_OUTPUT_TOKEN -> add(report.timePerOutputTokenSeconds(), sketch);
            case INTER_TOKEN -> {
                Sketch latencies = report.interTokenSeconds();
                if (latencies != null) {
                    sketch.merge(latencies);
                }
            }
        }
    }

    private static void add(double seconds, Sketch sketch) {
        if (!Double.isNaN(seconds)) {
            sketch.add(seconds);
        }
    }
}

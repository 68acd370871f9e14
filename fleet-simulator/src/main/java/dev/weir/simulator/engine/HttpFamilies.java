package dev.weir.simulator.engine;

import dev.weir.simulator.metric.Family;
import dev.weir.simulator.metric.Family.Options;
import dev.weir.simulator.metric.MetricSet;
import dev.weir.simulator.metric.MetricType;
import dev.weir.simulator.metric.Series;

/** What prometheus-fastapi-instrumentator adds to vLLM's API server. */
final class HttpFamilies {
    static final String HANDLER = "/v1/chat/completions";

    final Family requests;
    final Series requestBytes;
    final Series responseBytes;
    final Series fine;
    final Series coarse;

    HttpFamilies(MetricSet set, long created) {
        Options labels = Options.none().withCreated();
        requests = set.register(
                MetricType.COUNTER,
                "http_requests",
                "Total number of requests by method, status and handler.",
                labels.labels("handler", "status", "method"));
        requestBytes = set.register(
                        MetricType.SUMMARY,
                        "http_request_size_bytes",
                        "Content length of incoming requests by handler. Only value of header is respected. Otherwise "
                                + "ignored. No percentile calculated. ",
                        labels.labels("handler"))
                .with(created, HANDLER);
        responseBytes = set.register(
                        MetricType.SUMMARY,
                        "http_response_size_bytes",
                        "Content length of outgoing responses by handler. Only value of header is respected. Otherwise "
                                + "ignored. No percentile calculated. ",
                        labels.labels("handler"))
                .with(created, HANDLER);
        fine = set.register(
                        MetricType.HISTOGRAM,
                        "http_request_duration_highr_seconds",
                        "Latency with many buckets but no API specific labels. Made for more accurate percentile "
                                + "calculations. ",
                        labels.units(1e6).buckets(Buckets.FASTAPI_FINE))
                .with(created);
        coarse = set.register(
                        MetricType.HISTOGRAM,
                        "http_request_duration_seconds",
                        "Latency with only few buckets by handler. Made to be only used if aggregation by handler is "
                                + "important. ",
                        labels.labels("handler", "method").units(1e6).buckets(Buckets.FASTAPI_COARSE))
                .with(created, HANDLER, "POST");
    }
}

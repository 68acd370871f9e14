package dev.weir.queryserver;

import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.Labels;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Twenty minutes of a fleet's canonical series: in project alpha a language model that everything is known of, and a vision model
 * whose engine tells totals only; in project beta another language model.
 */
final class FleetSamples {
    static final long FRONTIER_MS = RunningServer.NOW_MS - 8_000;

    private static final int WINDOWS = 240;
    private static final int WINDOW_MS = 5_000;
    private static final List<String> BOUNDS = List.of("0.1", "0.5", "1.0", "+Inf");

    private final WriteRequest.Builder request = WriteRequest.newBuilder();

    private FleetSamples() {}

    static WriteRequest write() {
        FleetSamples all = new FleetSamples();
        all.language("alpha", "chat", "acme/chat-8b");
        all.language("beta", "code", "acme/code-3b");
        all.vision();
        return all.request.build();
    }

    private void language(String project, String pipeline, String model) {
        String[] group = {
            "project_id",
            project,
            "pipeline_name",
            pipeline,
            "namespace",
            pipeline + "-1",
            "job",
            "vllm",
            "model_server",
            "vllm",
            "vantage",
            "engine",
            "source",
            "scrapes"
        };
        String[] ofModel = with(group, "model_name", model);
        // 10 requests a second, a fiftieth of them failed.
        add("inference_requests_total", i -> 50 * i, ofModel);
        add("inference_request_errors_total", i -> i, ofModel);
        add("inference_input_tokens_total", i -> 5_000 * i, ofModel);
        add("inference_output_tokens_total", i -> 2_000 * i, ofModel);
        // A tenth up to 0.1 s, the others up to 0.5 s.
        for (String latency :
                List.of("time_to_first_token", "time_per_output_token", "request_duration", "queue_time")) {
            for (String bound : BOUNDS) {
                int perWindow = bound.equals("0.1") ? 5 : 50;
                add("inference_" + latency + "_seconds_bucket", i -> perWindow * i, with(ofModel, "le", bound));
            }
            add("inference_" + latency + "_seconds_count", i -> 50 * i, ofModel);
            add("inference_" + latency + "_seconds_sum", i -> 15 * i, ofModel);
        }
        add("inference_requests_running", i -> 3 + i % 4, ofModel);
        add("inference_requests_waiting", i -> i % 2, ofModel);
        add("inference_kv_cache_utilization_ratio", i -> 0.4, ofModel);
        add("inference_replicas", i -> 3, group);
        add("inference_completeness_ratio", i -> 1, group);
        add("weir_frontier_timestamp_seconds", i -> FRONTIER_MS / 1e3, "project_id", project, "partition", "0");
    }

    private void vision() {
        String[] group = {
            "project_id",
            "alpha",
            "namespace",
            "vision-1",
            "job",
            "torchserve",
            "model_server",
            "torchserve",
            "vantage",
            "engine",
            "source",
            "scrapes"
        };
        String[] ofModel = with(group, "model_name", "resnet18");
        add("inference_requests_total", i -> 20 * i, ofModel);
        add("inference_request_duration_seconds_count", i -> 20 * i, ofModel);
        add("inference_request_duration_seconds_sum", i -> 0.8 * i, ofModel);
        add("inference_replicas", i -> 1, group);
        add("inference_completeness_ratio", i -> 1, group);
    }

    private void add(String name, IntToDoubleFunction valueOfWindow, String... labels) {
        TimeSeries.Builder series = RunningServer.series(Labels.of(with(labels, "__name__", name)));
        for (int i = 0; i <= WINDOWS; i++) {
            series.addSamples(RunningServer.sample(
                    FRONTIER_MS - (long) (WINDOWS - i) * WINDOW_MS, valueOfWindow.applyAsDouble(i)));
        }
        request.addTimeseries(series);
    }

    private static String[] with(String[] labels, String name, String value) {
        String[] more = java.util.Arrays.copyOf(labels, labels.length + 2);
        more[labels.length] = name;
        more[labels.length + 1] = value;
        return more;
    }
}

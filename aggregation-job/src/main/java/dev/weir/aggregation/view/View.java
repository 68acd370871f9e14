package dev.weir.aggregation.view;

import dev.weir.series.Labels;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Re-emits some families under other names, with the group's labels and a few of the series', at a step of its own.
 *
 * @param name as in the configuration
 * @param stepMs distance of its points, a multiple of the window
 * @param names from the family's name ({@code _total} included) to the view's
 * @param keptLabels of the series, besides those of its group
 * @param medians from a histogram of the view to the gauge that tells its median over the newest step
 */
public record View(
        String name, long stepMs, Map<String, String> names, List<String> keptLabels, Map<String, String> medians) {

    /** Crusoe's managed inference metrics, out of vLLM's. Latencies in seconds; updated every minute. */
    public static final View CRUSOE = new View(
            "crusoe",
            60_000,
            Map.of(
                    "vllm:request_success_total", "crusoe_inference_request_count",
                    "vllm:prompt_tokens_total", "crusoe_inference_input_token_count",
                    "vllm:generation_tokens_total", "crusoe_inference_output_token_count",
                    "vllm:time_to_first_token_seconds", "crusoe_inference_histogram_first_token_latency",
                    "vllm:request_time_per_output_token_seconds", "crusoe_inference_histogram_output_token_latency"),
            List.of("model_name", "service_tier"),
            Map.of("crusoe_inference_histogram_first_token_latency", "crusoe_inference_first_token_latency"));

    public static final List<View> KNOWN = List.of(CRUSOE);

    public View {
        names = Map.copyOf(names);
        keptLabels = List.copyOf(keptLabels);
        medians = Map.copyOf(medians);
    }

    /**
     * The view of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static View named(String name) {
        for (View view : KNOWN) {
            if (view.name.equals(name)) {
                return view;
            }
        }
        throw new IllegalArgumentException("view: " + name + " (expected: one of "
                + KNOWN.stream().map(View::name).toList() + ")");
    }

    /** Labels under which the view emits the series, or null if it does not. */
    public @Nullable Labels labels(Labels series, Labels group) {
        String viewed = names.get(series.metricName());
        if (viewed == null) {
            return null;
        }
        return series.only(keptLabels).toBuilder()
                .setAll(group)
                .set(Labels.METRIC_NAME, viewed)
                .build();
    }

    /** The gauge that is derived from the view's histogram, or null if there is none. */
    public @Nullable DerivedGauge derivedFrom(Labels histogram) {
        String gauge = medians.get(histogram.metricName());
        return gauge == null
                ? null
                : new DerivedGauge(
                        histogram.toBuilder().set(Labels.METRIC_NAME, gauge).build());
    }
}

package dev.weir.simulator.fleet;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.simulator.engine.EngineProcess;
import dev.weir.simulator.engine.ObservationLog;
import dev.weir.simulator.engine.Observations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Exact rates and true quantiles of each pipeline over (at - window, at], out of the raw observations. */
final class Rates {
    private static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99};
    private static final double MAX_WINDOW_SECONDS = 6 * 3600.0;

    private final FleetView view;
    private final long fromMicros;
    private final long toMicros;
    private final double windowSeconds;

    /** {@code atMs} is at or before now. */
    Rates(FleetView view, double windowSeconds, long atMs) {
        if (!(windowSeconds > 0 && windowSeconds <= MAX_WINDOW_SECONDS)) {
            throw new IllegalArgumentException(
                    "window: " + windowSeconds + " (expected: > 0 and <= " + MAX_WINDOW_SECONDS + " seconds)");
        }
        this.view = view;
        this.windowSeconds = windowSeconds;
        this.toMicros = atMs * 1000 - view.epochMicros();
        this.fromMicros = toMicros - Math.round(windowSeconds * 1e6);
        if (toMicros > view.nowMicros()) {
            throw new IllegalArgumentException(
                    "at: " + atMs + " (expected: <= now, " + (view.epochMicros() + view.nowMicros()) / 1000 + ")");
        }
    }

    void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeNumberField("at_ms", (view.epochMicros() + toMicros) / 1000);
        out.writeNumberField("window_seconds", windowSeconds);
        out.writeArrayFieldStart("pipelines");
        for (Workload workload : view.plan().workloads()) {
            if (workload.kind() != EngineKind.CADVISOR) {
                pipeline(workload, out);
            }
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void pipeline(Workload workload, JsonGenerator out) throws IOException {
        List<Observations> logs = new ArrayList<>();
        boolean complete = collect(workload, logs);
        out.writeStartObject();
        Truth.workload(workload, out);
        out.writeBooleanField("complete", complete);
        rate("requests_per_second", logs, Observations::requests, out);
        rate("inferences_per_second", logs, Observations::inferences, out);
        if (workload.kind() == EngineKind.VLLM || workload.kind() == EngineKind.GIE) {
            rate("input_tokens_per_second", logs, Observations::inputTokens, out);
            rate("output_tokens_per_second", logs, Observations::outputTokens, out);
        }
        if (workload.kind() == EngineKind.VLLM) {
            quantiles("ttft_seconds", logs, Observations::timeToFirstToken, out);
            quantiles("tpot_seconds", logs, Observations::timePerOutputToken, out);
        }
        quantiles("latency_seconds", logs, Observations::latency, out);
        out.writeNumberField("engine_replicas", Containers.engines(workload, view.pods(), toMicros));
        out.writeNumberField("sidekick_replicas", Containers.sidekicks(workload, view.pods(), toMicros));
        out.writeEndObject();
    }

    /** Collects the logs of every process that lived in the window; false if some of them are gone. */
    private boolean collect(Workload workload, List<Observations> logs) {
        boolean complete = true;
        List<ProcessRun> runs = new ArrayList<>(view.ended());
        view.slots().stream().map(slot -> slot.run).forEach(run -> {
            if (run != null) {
                runs.add(run);
            }
        });
        for (ProcessRun run : runs) {
            if (!run.pod.workload.equals(workload) || run.endedMicros <= fromMicros || run.startedMicros > toMicros) {
                continue;
            }
            run.at(view.nowMicros());
            EngineProcess process = run.process();
            if (process == null) {
                complete = false;
            } else {
                complete &= process.observations().completeSinceMicros() <= fromMicros;
                logs.add(process.observations());
            }
        }
        return complete;
    }

    private void rate(
            String name, List<Observations> logs, Function<Observations, ObservationLog> which, JsonGenerator out)
            throws IOException {
        long sum = logs.stream()
                .mapToLong(log -> which.apply(log).sum(fromMicros, toMicros))
                .sum();
        out.writeNumberField(name, sum / windowSeconds);
    }

    private void quantiles(
            String name, List<Observations> logs, Function<Observations, ObservationLog> which, JsonGenerator out)
            throws IOException {
        long[] sorted = logs.stream()
                .flatMapToLong(log -> Arrays.stream(which.apply(log).values(fromMicros, toMicros)))
                .sorted()
                .toArray();
        out.writeObjectFieldStart(name);
        out.writeNumberField("count", sorted.length);
        for (double quantile : QUANTILES) {
            String field = "p" + Math.round(quantile * 100);
            if (sorted.length == 0) {
                out.writeNullField(field);
            } else {
                // The smallest value that at least this share of the observations does not exceed.
                int rank = (int) Math.ceil(quantile * sorted.length);
                out.writeNumberField(field, sorted[Math.max(0, rank - 1)] / 1e6);
            }
        }
        out.writeEndObject();
    }
}

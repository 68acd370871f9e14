package dev.weir.simulator.engine;

import dev.weir.simulator.metric.Exposition;
import dev.weir.simulator.metric.Family.Options;
import dev.weir.simulator.metric.MetricType;
import dev.weir.simulator.metric.Series;

/**
 * An engine as Wallaroo's queries presuppose it: a latency histogram in nanoseconds, and a counter of inferences whose name
 * ends in {@code _count}. A request may carry a batch, so that inferences outnumber requests.
 */
final class WallarooProcess extends CompletionEngine {
    private final Series latency;
    private final Series inferences;
    private final Series cpuSeconds;
    private final Series residentBytes;

    WallarooProcess(EngineStart start) {
        super(start, false);
        latency = metrics.register(
                        MetricType.HISTOGRAM,
                        "latency_histogram_ns",
                        "Total inference time per message in nanoseconds.",
                        Options.none().buckets(Buckets.WALLAROO_LATENCY_NS))
                .with(0);
        inferences = metrics.register(
                        MetricType.COUNTER,
                        "tensor_throughput_batch_count",
                        "Inferences processed, counting each tensor of a batch.",
                        Options.none())
                .with(0);
        cpuSeconds = metrics.register(
                        MetricType.COUNTER,
                        "process_cpu_seconds_total",
                        "Total user and system CPU time spent in seconds.",
                        Options.none())
                .with(0);
        gauge("process_max_fds", "Maximum number of open file descriptors.").set(1_048_576);
        gauge("process_open_fds", "Number of open file descriptors.").set(41);
        residentBytes = gauge("process_resident_memory_bytes", "Resident memory size in bytes.");
        // This client knows its start to the second only.
        gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
                .set(Math.floor(start.processStartSeconds()));
        gauge("process_threads", "Number of OS threads in the process.").set(18);
    }

    @Override
    public Exposition exposition(String accept) {
        return Exposition.RUST;
    }

    @Override
    long durationMicros(long index) {
        return latencyNanos(index) / 1000;
    }

    @Override
    void finished(long index, long atMicros) {
        long batch = batchSize(index);
        latency.observe(latencyNanos(index));
        inferences.add(batch);
        observations().requests().add(atMicros, 1);
        observations().inferences().add(atMicros, batch);
        observations().latency().add(atMicros, latencyNanos(index) / 1000);
    }

    @Override
    void refresh(long micros) {
        long age = micros - start.startMicros();
        cpuSeconds.total(age / 2_500_000);
        residentBytes.set(310_000_000d + 4096d * (age / 1_000_000 % 900));
    }

    private long latencyNanos(long index) {
        return draws.logNormal(0, index, 3_400_000, 0.55, 90_000, 20_000_000_000L);
    }

    private long batchSize(long index) {
        double draw = draws.uniform(1, index);
        return draw < 0.75 ? 1 : draw < 0.9375 ? 4 : 8;
    }

    private Series gauge(String name, String help) {
        return metrics.register(MetricType.GAUGE, name, help, Options.none()).with(0);
    }
}

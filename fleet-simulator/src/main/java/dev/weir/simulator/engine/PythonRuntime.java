package dev.weir.simulator.engine;

import dev.weir.simulator.metric.Family;
import dev.weir.simulator.metric.Family.Options;
import dev.weir.simulator.metric.MetricSet;
import dev.weir.simulator.metric.MetricType;
import dev.weir.simulator.metric.Series;

/** What prometheus_client's own collectors say of a Python process. */
final class PythonRuntime {
    private final EngineStart start;
    private final Series collected;
    private final Series collections;
    private final Series residentBytes;
    private final Series cpuSeconds;

    PythonRuntime(MetricSet set, EngineStart start) {
        this.start = start;
        long at = start.epochAt(start.startMicros());
        collected = generations(set, "python_gc_objects_collected", "Objects collected during gc", at);
        generations(set, "python_gc_objects_uncollectable", "Uncollectable objects found during GC", at);
        collections = generations(set, "python_gc_collections", "Number of times this generation was collected", at);
        set.register(
                        MetricType.GAUGE,
                        "python_info",
                        "Python platform information",
                        Options.none().labels("implementation", "major", "minor", "patchlevel", "version"))
                .with(at, "CPython", "3", "12", "9", "3.12.9")
                .set(1);
        gauge(set, "process_virtual_memory_bytes", "Virtual memory size in bytes.")
                .set(39_024_848_896d);
        residentBytes = gauge(set, "process_resident_memory_bytes", "Resident memory size in bytes.");
        gauge(set, "process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
                .set(start.processStartSeconds());
        cpuSeconds = set.register(
                        MetricType.COUNTER,
                        "process_cpu_seconds",
                        "Total user and system CPU time spent in seconds.",
                        Options.none().units(100))
                .with(at);
        gauge(set, "process_open_fds", "Number of open file descriptors.").set(76);
        gauge(set, "process_max_fds", "Maximum number of open file descriptors.")
                .set(1_048_576);
    }

    /** Brings these up to a time: they follow the process' age alone. */
    void update(long micros) {
        long age = micros - start.startMicros() + EngineStart.BOOT_MICROS;
        collected.total(7431 + age / 90_000);
        collections.total(1151 + age / 2_000_000);
        residentBytes.set(5_833_011_200d + age / 1_000_000 % 600 * 4096);
        cpuSeconds.total(1095 + age / 12_500);
    }

    private static Series generations(MetricSet set, String name, String help, long at) {
        Family family =
                set.register(MetricType.COUNTER, name, help, Options.none().labels("generation"));
        Series youngest = family.with(at, "0");
        family.with(at, "1");
        family.with(at, "2");
        return youngest;
    }

    private Series gauge(MetricSet set, String name, String help) {
        return set.register(MetricType.GAUGE, name, help, Options.none()).with(start.epochAt(start.startMicros()));
    }
}

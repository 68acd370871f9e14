package dev.weir.simulator.engine;

import dev.weir.simulator.load.Draws;
import dev.weir.simulator.metric.Exposition;
import dev.weir.simulator.metric.Family;
import dev.weir.simulator.metric.Family.Options;
import dev.weir.simulator.metric.MetricSet;
import dev.weir.simulator.metric.MetricType;
import dev.weir.simulator.metric.Snapshot;
import java.util.List;
import java.util.function.LongFunction;

/**
 * A node's cAdvisor: its series are the containers that live at this moment, besides the node's own and each pod's. Their
 * values follow from a container's age, so that it keeps no state at all.
 */
final class CadvisorProcess implements EngineProcess {
    private static final String CGROUP = "/kubepods/burstable/pod";

    private final EngineStart start;
    private final LongFunction<List<Container>> containers;
    private final Observations observations;
    private long nowMicros;

    CadvisorProcess(EngineStart start, LongFunction<List<Container>> containers) {
        this.start = start;
        this.containers = containers;
        this.observations = Observations.keeping(0);
        this.nowMicros = start.startMicros();
    }

    @Override
    public void advanceTo(long micros) {
        nowMicros = Math.max(nowMicros, micros);
    }

    @Override
    public void freeze(long micros) {
        advanceTo(micros);
    }

    @Override
    public void resume(long micros) {
        advanceTo(micros);
    }

    @Override
    public Exposition exposition(String accept) {
        return Exposition.GO;
    }

    @Override
    public Observations observations() {
        return observations;
    }

    @Override
    public Snapshot snapshot() {
        MetricSet set = new MetricSet(false);
        set.register(
                        MetricType.GAUGE,
                        "cadvisor_version_info",
                        "A metric with a constant '1' value labeled by kernel version, OS version, docker version, "
                                + "cadvisor version & cadvisor revision.",
                        Options.none()
                                .labels(
                                        "cadvisorRevision",
                                        "cadvisorVersion",
                                        "dockerVersion",
                                        "kernelVersion",
                                        "osVersion"))
                .with(0, "", "", "", "6.1.0-31-amd64", "Debian GNU/Linux 12 (bookworm)")
                .set(1);
        Family cpu = perContainer(
                set,
                MetricType.COUNTER,
                "container_cpu_usage_seconds_total",
                "Cumulative cpu time consumed in seconds.");
        Family seen = perContainer(
                set, MetricType.GAUGE, "container_last_seen", "Last time a container was seen by the exporter");
        Family memory = perContainer(
                set,
                MetricType.GAUGE,
                "container_memory_usage_bytes",
                "Current memory usage in bytes, including all memory regardless of when it was accessed");
        Family workingSet = perContainer(
                set, MetricType.GAUGE, "container_memory_working_set_bytes", "Current working set in bytes.");
        Family started = perContainer(
                set,
                MetricType.GAUGE,
                "container_start_time_seconds",
                "Start time of the container since unix epoch in seconds.");
        Family[] families = {cpu, seen, memory, workingSet, started};
        row(families, new String[] {"", "/", "", "", "", ""}, start.startMicros(), 12_000_000_000d);
        for (Container container : containers.apply(nowMicros)) {
            rows(families, container);
        }
        set.register(MetricType.GAUGE, "machine_cpu_cores", "Number of logical CPU cores.", Options.none())
                .with(0)
                .set(96);
        set.register(
                        MetricType.GAUGE,
                        "machine_memory_bytes",
                        "Amount of memory installed on the machine.",
                        Options.none())
                .with(0)
                .set(1_081_854_124_032d);
        return set.snapshot(Math.floorDiv(start.epochAt(nowMicros), 1000L));
    }

    /** A pod's own cgroup, which has no container name, and the container's. */
    private void rows(Family[] families, Container container) {
        long hash = Draws.mix(start.seed(), container.pod().hashCode());
        String uid = Long.toHexString(hash | Long.MIN_VALUE);
        String cgroup = CGROUP + uid;
        double bytes = 4_000_000_000d
                + Math.floorMod(hash, 500_000L) * 4096d
                + (nowMicros - container.startedMicros()) / 1_000_000 % 600 * 8192d;
        String[] pod = {"", cgroup, "", "", container.namespace(), container.pod()};
        String name = "k8s_" + container.container() + "_" + container.pod() + "_" + container.namespace();
        String[] own = {
            container.container(),
            cgroup + "/" + Long.toHexString(Draws.mix(hash, 3) | Long.MIN_VALUE),
            "registry.local/" + container.container() + ":2025.2",
            name,
            container.namespace(),
            container.pod()
        };
        row(families, pod, container.startedMicros(), bytes + 700_416);
        row(families, own, container.startedMicros(), bytes);
    }

    private void row(Family[] families, String[] labels, long startedMicros, double bytes) {
        families[0].with(0, labels).total((nowMicros - startedMicros) / 1000 * 3 / 2);
        families[1].with(0, labels).set((double) Math.floorDiv(start.epochAt(nowMicros), 1_000_000L));
        families[2].with(0, labels).set(bytes);
        families[3].with(0, labels).set(bytes * 0.75);
        families[4].with(0, labels).set((double) Math.floorDiv(start.epochAt(startedMicros), 1_000_000L));
    }

    private static Family perContainer(MetricSet set, MetricType type, String name, String help) {
        Options labels = Options.none().labels("container", "id", "image", "name", "namespace", "pod");
        return set.register(type, name, help, type == MetricType.COUNTER ? labels.units(1000) : labels);
    }
}

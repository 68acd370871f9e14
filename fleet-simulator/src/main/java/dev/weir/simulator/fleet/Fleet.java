package dev.weir.simulator.fleet;

import dev.weir.simulator.engine.EngineProcess;
import dev.weir.simulator.engine.EngineStart;
import dev.weir.simulator.engine.Engines;
import dev.weir.simulator.load.Draws;
import dev.weir.simulator.load.LoadCurve;
import dev.weir.simulator.metric.Exposition;
import dev.weir.simulator.metric.Snapshot;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fleet: its slots, their pods and processes. Everything is a function of seed, time since start and the control calls
 * made; nothing happens but in {@link #settle} and when a process is read. Thread-safe: scrapes share a lock, whatever starts
 * or ends a process, or looks at the whole fleet at one instant, holds it alone.
 */
public final class Fleet {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final long RETRY_MICROS = 500_000;

    private final FleetPlan plan;
    private final Ports ports;
    private final long epochMicros;
    private final @Nullable TargetsFile targets;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<Slot> slots = new ArrayList<>();
    private final Map<Integer, ProcessRun> byPort = new HashMap<>();
    private final List<Pod> pods = new ArrayList<>();
    private final Deque<ProcessRun> ended = new ArrayDeque<>();
    private final FoldedRuns folded = new FoldedRuns();
    private Churn churn;
    private boolean frozen;
    private boolean changed;
    private volatile long nextMicros = Long.MIN_VALUE;
    private volatile long latestMicros;

    /** Starts every pod. */
    public Fleet(FleetPlan plan, Ports ports) {
        this.plan = plan;
        this.ports = ports;
        this.churn = plan.churn();
        this.epochMicros = plan.clock().millis() * 1000;
        this.targets = plan.sdFile() == null ? null : new TargetsFile(plan.sdFile(), plan.host());
        int nodes = plan.workloads().stream()
                .filter(workload -> workload.kind() == EngineKind.CADVISOR)
                .mapToInt(Workload::replicas)
                .sum();
        for (Workload workload : plan.workloads()) {
            long identity = Draws.mix(plan.seed(), workload.namespace().hashCode());
            double rate = workload.kind() == EngineKind.CADVISOR ? 1 : workload.requestsPerSecond() * plan.loadFactor();
            for (int ordinal = 0; ordinal < workload.replicas(); ordinal++) {
                long seed = Draws.mix(Draws.mix(identity, workload.kind().job().hashCode()), ordinal);
                // One phase per workload: its pods share one load that rises and falls.
                LoadCurve curve = new LoadCurve(rate, identity, seed);
                slots.add(new Slot(slots.size(), workload, ordinal, ordinal % Math.max(1, nodes), seed, curve));
            }
        }
        settle();
    }

    /** When the fleet started, ms since the epoch. */
    public long startedMs() {
        return epochMicros / 1000;
    }

    /** Brings about every start and end that is due. */
    public void settle() {
        if (nowMicros() < nextMicros) {
            return;
        }
        alone(now -> null);
    }

    /** What the process behind a port exposes now, or null if none runs there. */
    public @Nullable Scrape scrape(int port) {
        settle();
        lock.readLock().lock();
        try {
            ProcessRun run = byPort.get(port);
            EngineProcess process = run == null ? null : run.process();
            return run == null || process == null ? null : new Scrape(run, run.at(nowMicros()), process);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Stops the load and completes what is in flight: from its return on, no count changes. */
    public void freeze() {
        alone(now -> {
            frozen = true;
            forEachProcess(process -> process.freeze(now));
            return null;
        });
    }

    /** Lets the load go on. */
    public void resume() {
        alone(now -> {
            frozen = false;
            forEachProcess(process -> process.resume(now));
            return null;
        });
    }

    /** From now on pods come and go this way. */
    public void churn(Churn wanted) {
        alone(now -> {
            churn = wanted;
            for (Slot slot : slots) {
                if (slot.run != null) {
                    planEnd(slot, slot.run, now);
                }
            }
            return null;
        });
    }

    /** Ends a pod for good; a new pod takes its place after a while, unless told otherwise. */
    public void kill(String podName, boolean replace) {
        alone(now -> {
            Slot slot = slotOf(podName);
            endPod(slot, now);
            slot.nextMicros = replace ? now + downtimeMicros(slot) : Long.MAX_VALUE;
            return null;
        });
    }

    /** Ends a pod's process; the pod comes back at the same address after a while. */
    public void restart(String podName) {
        alone(now -> {
            Slot slot = slotOf(podName);
            endProcess(slot, now);
            slot.nextMicros = now + downtimeMicros(slot);
            return null;
        });
    }

    /** Looks at the whole fleet at one instant, ms precise: no process moves meanwhile. */
    <T> T look(Function<FleetView, T> look) {
        return alone(
                now -> look.apply(new FleetView(plan, epochMicros, now, slots, pods, ended, folded, frozen, churn)));
    }

    private <T> T alone(Function<Long, T> action) {
        lock.writeLock().lock();
        try {
            long now = nowMicros();
            bringAbout(now);
            T result = action.apply(now);
            nextMicros = slots.stream().mapToLong(slot -> slot.nextMicros).min().orElse(Long.MAX_VALUE);
            if (changed && targets != null) {
                targets.write(pods.stream()
                        .filter(pod -> pod.endedMicros == Pod.ALIVE)
                        .toList());
            }
            changed = false;
            return result;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void bringAbout(long now) {
        for (Slot slot : slots) {
            while (slot.nextMicros <= now) {
                if (slot.run == null) {
                    startProcess(slot, slot.nextMicros, now);
                } else {
                    endByItself(slot, slot.nextMicros);
                }
            }
        }
        long forgotten = now - plan.retention().toMillis() * 1000;
        for (ProcessRun run : ended) {
            if (run.endedMicros > forgotten) {
                break;
            }
            run.forget();
        }
        pods.removeIf(pod -> pod.endedMicros <= forgotten);
        folded.foldOldest(ended);
    }

    private void endByItself(Slot slot, long at) {
        if (Draws.unit(slot.seed, 7_000 + slot.incarnation) < churn.restartProbability()) {
            endProcess(slot, at);
        } else {
            endPod(slot, at);
        }
        slot.nextMicros = at + downtimeMicros(slot);
    }

    private void startProcess(Slot slot, long at, long now) {
        String name = slot.pod == null ? podName(slot) : slot.pod.name;
        int port;
        try {
            if (slot.pod == null) {
                port = ports.open();
            } else {
                port = slot.pod.port;
                ports.reopen(port);
            }
        } catch (IOException e) {
            LOG.warn(
                    "pod {}: its port cannot be opened, trying again in {} ms: {}",
                    name,
                    RETRY_MICROS / 1000,
                    e.toString());
            slot.nextMicros = now + RETRY_MICROS;
            return;
        }
        Pod pod = slot.pod;
        if (pod == null) {
            pod = new Pod(slot, name, port, TargetLabels.of(slot, name), at);
            slot.pod = pod;
            pods.add(pod);
            changed = true;
        }
        EngineStart start = new EngineStart(
                slot.workload.model(),
                slot.workload.pipelineName(),
                name,
                slot.workload.engines(),
                slot.curve,
                slot.seed,
                at,
                epochMicros,
                plan.retention().toMillis() * 1000,
                plan.finished());
        EngineProcess process = start(slot, start);
        if (frozen) {
            process.freeze(at);
        }
        ProcessRun run = new ProcessRun(pod, slot.index, process, start.processStartSeconds(), at);
        slot.run = run;
        slot.incarnation++;
        byPort.put(port, run);
        planEnd(slot, run, at);
    }

    private EngineProcess start(Slot slot, EngineStart start) {
        return switch (slot.workload.kind()) {
            case VLLM -> Engines.vllm(start);
            case TORCHSERVE -> Engines.torchServe(start);
            case GIE -> Engines.endpointPicker(start);
            case WALLAROO -> Engines.wallaroo(start);
            case CADVISOR -> Engines.cadvisor(start, micros -> Containers.onNode(slot.node, pods, micros));
        };
    }

    private void planEnd(Slot slot, ProcessRun run, long from) {
        double mean = churn.meanLife().toMillis() * 1000.0;
        boolean mortal = mean > 0 && slot.workload.kind() != EngineKind.CADVISOR;
        double draw = Draws.unit(slot.seed, 5_000 + slot.incarnation);
        run.plannedEndMicros = mortal ? from + (long) (mean * (0.2 - 0.8 * StrictMath.log(1 - draw))) : Pod.ALIVE;
        slot.nextMicros = run.plannedEndMicros;
    }

    private long downtimeMicros(Slot slot) {
        return (long) (churn.leastDowntime().toMillis() * 1000 * (1 + Draws.unit(slot.seed, 6_000 + slot.incarnation)));
    }

    private void endProcess(Slot slot, long at) {
        ProcessRun run = slot.run;
        if (run == null) {
            return;
        }
        run.end(at);
        byPort.remove(run.pod.port);
        ports.close(run.pod.port);
        ended.add(run);
        slot.run = null;
    }

    private void endPod(Slot slot, long at) {
        endProcess(slot, at);
        if (slot.pod != null) {
            slot.pod.endedMicros = at;
            slot.pod = null;
            changed = true;
        }
    }

    private Slot slotOf(String podName) {
        for (Slot slot : slots) {
            if (slot.pod != null && slot.pod.name.equals(podName)) {
                return slot;
            }
        }
        throw new IllegalArgumentException("pod: " + podName + " (expected: the name of a live pod)");
    }

    private String podName(Slot slot) {
        String workload =
                slot.workload.kind() == EngineKind.CADVISOR ? "cadvisor" : slot.workload.pipelineName() + "-engine";
        long hash = Draws.mix(slot.seed, 8_000 + slot.incarnation);
        String set =
                Long.toString(Draws.mix(plan.seed(), slot.workload.namespace().hashCode()) >>> 1, 36);
        String unique = Long.toString(hash >>> 1, 36);
        return workload + "-" + set.substring(0, 9) + "-" + unique.substring(0, 5);
    }

    private void forEachProcess(Consumer<EngineProcess> action) {
        for (Slot slot : slots) {
            ProcessRun run = slot.run;
            EngineProcess process = run == null ? null : run.process();
            if (process != null) {
                action.accept(process);
            }
        }
    }

    private long nowMicros() {
        long now = plan.clock().millis() * 1000 - epochMicros;
        // A clock that steps back stands still here.
        if (now > latestMicros) {
            latestMicros = now;
        }
        return latestMicros;
    }

    /** What a process answers to one scrape. */
    public static final class Scrape {
        private final ProcessRun run;
        private final Snapshot snapshot;
        private final EngineProcess process;

        Scrape(ProcessRun run, Snapshot snapshot, EngineProcess process) {
            this.run = run;
            this.snapshot = snapshot;
            this.process = process;
        }

        /** How the process' client library writes it for this Accept header. */
        public Exposition exposition(String accept) {
            return process.exposition(accept);
        }

        /** What it writes. */
        public Snapshot snapshot() {
            return snapshot;
        }

        /** What kind of target answers. */
        public EngineKind kind() {
            return run.pod.workload.kind();
        }

        /** Notes that this scraper is being sent it; the answer takes that back. */
        public Runnable served(String scraper) {
            return run.served(scraper, snapshot);
        }
    }
}

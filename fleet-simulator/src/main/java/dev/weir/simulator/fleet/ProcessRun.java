package dev.weir.simulator.fleet;

import dev.weir.simulator.engine.EngineProcess;
import dev.weir.simulator.metric.Snapshot;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One process of a pod, from its start to its end, and what its scrapers have last received. */
final class ProcessRun {
    /** The most scrapers told apart per process; further ones share the name {@code other}. */
    static final int MAX_SCRAPERS = 16;

    final Pod pod;
    final int slot;
    final double processStartSeconds;
    final long startedMicros;

    /** When it will end by itself; changed under the fleet's write lock. */
    long plannedEndMicros = Pod.ALIVE;

    /** When it ended, or {@link Pod#ALIVE}; changed under the fleet's write lock. */
    long endedMicros = Pod.ALIVE;

    private final Map<String, Snapshot> lastServed = new TreeMap<>();
    private @Nullable EngineProcess process;
    private Snapshot last;

    ProcessRun(Pod pod, int slot, EngineProcess process, double processStartSeconds, long startedMicros) {
        this.pod = pod;
        this.slot = slot;
        this.process = process;
        this.processStartSeconds = processStartSeconds;
        this.startedMicros = startedMicros;
        this.last = process.snapshot();
    }

    /** What it exposes at a time, or at its end if that is earlier. */
    synchronized Snapshot at(long micros) {
        if (process != null && endedMicros == Pod.ALIVE) {
            process.advanceTo(Math.min(micros, plannedEndMicros));
            last = process.snapshot();
        }
        return last;
    }

    /** Ends it: what it exposes at this time is its last word. */
    synchronized void end(long micros) {
        at(micros);
        endedMicros = micros;
    }

    /** Lets go of its raw observations. */
    synchronized void forget() {
        process = null;
    }

    synchronized @Nullable EngineProcess process() {
        return process;
    }

    /** Notes what a scraper is being sent; the answer takes it back, for a response that did not get out. */
    synchronized Runnable served(String scraper, Snapshot snapshot) {
        String name = lastServed.containsKey(scraper) || lastServed.size() < MAX_SCRAPERS ? scraper : "other";
        Snapshot before = lastServed.get(name);
        if (before != null && before.epochMs() > snapshot.epochMs()) {
            return () -> {};
        }
        lastServed.put(name, snapshot);
        return () -> takeBack(name, snapshot, before);
    }

    private synchronized void takeBack(String name, Snapshot snapshot, @Nullable Snapshot before) {
        if (lastServed.get(name) != snapshot) {
            return;
        }
        if (before == null) {
            lastServed.remove(name);
        } else {
            lastServed.put(name, before);
        }
    }

    synchronized Map<String, Snapshot> lastServed() {
        return new TreeMap<>(lastServed);
    }
}

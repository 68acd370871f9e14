package dev.weir.simulator.fleet;

import java.util.Map;

/** One pod: a name and an address that its processes share. Changed under the fleet's write lock only. */
final class Pod {
    static final long ALIVE = Long.MAX_VALUE;

    final String name;
    final Workload workload;
    final int ordinal;
    final int node;
    final int port;
    final Map<String, String> labels;
    final long startedMicros;
    long endedMicros = ALIVE;

    Pod(Slot slot, String name, int port, Map<String, String> labels, long startedMicros) {
        this.name = name;
        this.workload = slot.workload;
        this.ordinal = slot.ordinal;
        this.node = slot.node;
        this.port = port;
        this.labels = labels;
        this.startedMicros = startedMicros;
    }

    boolean aliveAt(long micros) {
        return startedMicros <= micros && micros < endedMicros;
    }
}

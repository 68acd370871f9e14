package dev.weir.simulator.fleet;

import dev.weir.simulator.load.LoadCurve;
import org.jspecify.annotations.Nullable;

/** A replica's place: always one pod runs in it, or is about to. Changed under the fleet's write lock only. */
final class Slot {
    final int index;
    final Workload workload;
    final int ordinal;
    final int node;
    final long seed;
    final LoadCurve curve;

    @Nullable
    Pod pod;

    @Nullable
    ProcessRun run;

    /** How many processes it has had. */
    int incarnation;

    /** When the next process starts while none runs, else when the running one ends by itself. */
    long nextMicros;

    Slot(int index, Workload workload, int ordinal, int node, long seed, LoadCurve curve) {
        this.index = index;
        this.workload = workload;
        this.ordinal = ordinal;
        this.node = node;
        this.seed = seed;
        this.curve = curve;
    }
}

package dev.weir.simulator.engine;

import dev.weir.simulator.metric.Exposition;
import dev.weir.simulator.metric.Snapshot;

/** One running process of an engine. Times are micros since the fleet started. Not thread-safe: its owner locks. */
public interface EngineProcess {
    /** Lets the process live until a time; going back is no change. */
    void advanceTo(long micros);

    /** Lets no further request arrive, and completes those in flight at once: from now on no count changes. */
    void freeze(long micros);

    /** Lets requests arrive again. */
    void resume(long micros);

    /** What it exposes at the time it was last advanced to. */
    Snapshot snapshot();

    /** How its client library writes it for this Accept header. */
    Exposition exposition(String accept);

    /** The recent raw observations behind the counts. */
    Observations observations();
}

package dev.weir.simulator.engine;

import dev.weir.simulator.load.LoadCurve;
import java.util.function.Consumer;

/**
 * What a process is started with.
 *
 * @param model the model it serves
 * @param pool the workload's name, which an endpoint picker gives its pool
 * @param host the pod's name, which some engines put into their labels
 * @param engines its data-parallel ranks, if it is a vLLM server
 * @param curve its share of the load
 * @param seed of its requests
 * @param startMicros when it begins to serve, micros since the fleet started
 * @param epochMicros when the fleet started, micros since the epoch
 * @param retainMicros how long raw observations are kept
 * @param finished told of each request that it finishes, if it is a vLLM server
 */
public record EngineStart(
        String model,
        String pool,
        String host,
        int engines,
        LoadCurve curve,
        long seed,
        long startMicros,
        long epochMicros,
        long retainMicros,
        Consumer<FinishedRequest> finished) {
    /** How long a process runs before it serves: its start lies this much before its first answer. */
    static final long BOOT_MICROS = 400_000;

    /** A time of the fleet's as micros since the epoch. */
    long epochAt(long micros) {
        return epochMicros + micros;
    }

    /** The process' start as Linux tells it, in seconds since the epoch, to the clock tick of 10 ms. */
    public double processStartSeconds() {
        return Math.floorDiv(epochMicros + startMicros - BOOT_MICROS, 10_000L) / 100.0;
    }
}

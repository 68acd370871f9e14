package dev.weir.simulator.engine;

/**
 * A request that a vLLM server has finished, as a producer of request events would tell it.
 *
 * @param id unique in the fleet
 * @param pipeline the workload's name
 * @param model the model that served it
 * @param reason vLLM's {@code finished_reason}: stop, length, abort or error
 * @param startMs ms since the epoch
 * @param latencyMicros from its arrival to its end
 * @param timeToFirstTokenMicros from its arrival to its first token
 * @param perTokenMicros mean time between its output tokens
 */
public record FinishedRequest(
        String id,
        String pipeline,
        String model,
        String reason,
        long startMs,
        long latencyMicros,
        long timeToFirstTokenMicros,
        long perTokenMicros,
        int inputTokens,
        int cachedTokens,
        int outputTokens) {}

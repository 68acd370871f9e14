package dev.weir.simulator.engine;

/**
 * The raw observations of one process. Durations are in microseconds. An engine leaves empty what it does not measure.
 *
 * @param requests one entry of 1 for each finished request
 * @param inferences finished inferences (several for a batch request)
 * @param inputTokens prompt tokens when they were processed
 * @param outputTokens generated tokens when they were generated
 * @param timeToFirstToken of each request at its first token
 * @param latency of each request at its end
 * @param timePerOutputToken each request's mean, at its end
 */
public record Observations(
        ObservationLog requests,
        ObservationLog inferences,
        ObservationLog inputTokens,
        ObservationLog outputTokens,
        ObservationLog timeToFirstToken,
        ObservationLog latency,
        ObservationLog timePerOutputToken) {

    /** Empty logs that keep observations for this long. */
    static Observations keeping(long micros) {
        return new Observations(
                new ObservationLog(micros),
                new ObservationLog(micros),
                new ObservationLog(micros),
                new ObservationLog(micros),
                new ObservationLog(micros),
                new ObservationLog(micros),
                new ObservationLog(micros));
    }

    /** The latest of the logs' {@link ObservationLog#completeSinceMicros}. */
    public long completeSinceMicros() {
        long since = Math.max(requests.completeSinceMicros(), inferences.completeSinceMicros());
        since = Math.max(since, Math.max(inputTokens.completeSinceMicros(), outputTokens.completeSinceMicros()));
        since = Math.max(since, Math.max(timeToFirstToken.completeSinceMicros(), latency.completeSinceMicros()));
        return Math.max(since, timePerOutputToken.completeSinceMicros());
    }
}

package dev.weir.queryserver.intake;

/**
 * What pushes may cost.
 *
 * @param maxConcurrentPushes looked at or on their way to the broker, of all projects; half of them of one
 * @param maxWaitingPushes that wait for that
 * @param maxBytesInFlight of their bodies, as sent; a single one always has room
 * @param maxPushedPageBytes of a page, as sent
 * @param maxUnpackedBytes of a page, unpacked
 * @param maxSamples of a page
 * @param maxPushedRequestsBytes of a body of request events
 * @param maxEvents of a body of request events
 */
public record PushLimits(
        int maxConcurrentPushes,
        int maxWaitingPushes,
        long maxBytesInFlight,
        int maxPushedPageBytes,
        int maxUnpackedBytes,
        int maxSamples,
        int maxPushedRequestsBytes,
        int maxEvents) {
    public static final PushLimits DEFAULT =
            new PushLimits(32, 64, 128L << 20, 16 << 20, 64 << 20, 1_000_000, 8 << 20, 10_000);

    public PushLimits {
        if (maxConcurrentPushes < 2
                || maxWaitingPushes < 1
                || maxBytesInFlight < 1
                || Math.min(Math.min(maxPushedPageBytes, maxUnpackedBytes), Math.min(maxSamples, maxEvents)) < 1
                || maxPushedRequestsBytes < 1) {
            throw new IllegalArgumentException("maxConcurrentPushes " + maxConcurrentPushes + ", maxWaitingPushes "
                    + maxWaitingPushes + ", maxBytesInFlight " + maxBytesInFlight + ", maxPushedPageBytes "
                    + maxPushedPageBytes + ", maxUnpackedBytes " + maxUnpackedBytes + ", maxSamples " + maxSamples
                    + ", maxPushedRequestsBytes " + maxPushedRequestsBytes + ", maxEvents " + maxEvents
                    + " (expected: the first >= 2, the others > 0)");
        }
    }
}

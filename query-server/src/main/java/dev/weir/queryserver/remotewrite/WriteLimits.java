package dev.weir.queryserver.remotewrite;

/**
 * What one write request may be.
 *
 * @param maxBodyBytes the request as it comes
 * @param maxDecodedBytes the request decompressed
 * @param maxSamples samples in one request
 * @param maxLabels labels of one series
 * @param maxLabelNameBytes a label's name
 * @param maxLabelValueBytes a label's value
 * @param maxHistogramBytes one encoded native histogram
 */
public record WriteLimits(
        int maxBodyBytes,
        int maxDecodedBytes,
        int maxSamples,
        int maxLabels,
        int maxLabelNameBytes,
        int maxLabelValueBytes,
        int maxHistogramBytes) {
    public static final WriteLimits DEFAULT =
            new WriteLimits(16 << 20, 64 << 20, 1_000_000, 128, 1024, 16 * 1024, 1 << 20);

    public WriteLimits {
        if (Math.min(
                        Math.min(maxBodyBytes, maxDecodedBytes),
                        Math.min(
                                Math.min(maxSamples, maxLabels),
                                Math.min(Math.min(maxLabelNameBytes, maxLabelValueBytes), maxHistogramBytes)))
                <= 0) {
            throw new IllegalArgumentException("write limits (expected: each > 0)");
        }
    }

    /** These, with other sizes of a whole request. */
    public WriteLimits withRequestBytes(int newMaxBodyBytes, int newMaxDecodedBytes) {
        return new WriteLimits(
                newMaxBodyBytes,
                newMaxDecodedBytes,
                maxSamples,
                maxLabels,
                maxLabelNameBytes,
                maxLabelValueBytes,
                maxHistogramBytes);
    }
}

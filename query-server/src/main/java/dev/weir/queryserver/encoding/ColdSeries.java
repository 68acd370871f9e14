package dev.weir.queryserver.encoding;

/**
 * Float samples of one series, as a {@link ColdChunk} takes them.
 *
 * @param timesMs ascending; not copied
 * @param values not copied
 * @param count how many of both are meant, at least one
 */
@SuppressWarnings("ArrayRecordComponent")
public record ColdSeries(long[] timesMs, double[] values, int count) {
    public ColdSeries {
        if (count < 1 || count > ColdChunk.MAX_SAMPLES || count > timesMs.length || count > values.length) {
            throw new IllegalArgumentException("count: " + count + " (expected: from 1 to maxSamples = "
                    + ColdChunk.MAX_SAMPLES + ", and no more than there are times and values)");
        }
    }
}

package dev.weir.queryserver.store.chunk;

import dev.weir.promql.storage.SampleColumns;

/**
 * Floats: the first {@code count} of what a {@link FloatAppender} took.
 *
 * @param bytes where the first sample is reckoned from, time and value, 8 bytes each; {@code packedCount} samples in
 *     blocks as {@link FloatBlock} says; padding. Empty if there are none
 * @param tail the samples after these
 */
@SuppressWarnings("ArrayRecordComponent")
public record FloatChunk(
        byte[] bytes, int packedCount, FloatTail tail, int count, long minTimestampMs, long maxTimestampMs)
        implements Chunk {
    @Override
    public FloatChunk first(int samples) {
        return new FloatChunk(bytes, packedCount, tail, samples, minTimestampMs, maxTimestampMs);
    }

    @Override
    public void read(long fromMs, long toMs, SampleColumns into) {
        if (overlaps(fromMs, toMs)) {
            new FloatDecoder(this, into).decode(fromMs, toMs);
        }
    }
}

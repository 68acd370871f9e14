package dev.weir.queryserver.store;

import dev.weir.promql.storage.SampleColumns;

/** Floats: the first {@code count} of what a {@link FloatAppender} wrote to {@code bytes}. */
@SuppressWarnings("ArrayRecordComponent")
record FloatChunk(byte[] bytes, int count, long minTimestampMs, long maxTimestampMs) implements Chunk {
    @Override
    public FloatChunk first(int samples) {
        return new FloatChunk(bytes, samples, minTimestampMs, maxTimestampMs);
    }

    @Override
    public void read(long fromMs, long toMs, SampleColumns into) {
        if (overlaps(fromMs, toMs)) {
            FloatDecoder.decode(bytes, count, fromMs, toMs, into);
        }
    }
}

package dev.weir.queryserver.store;

import dev.weir.promql.storage.SampleColumns;

/** Floats: the first {@code count} of what a {@link FloatAppender} wrote to {@code bytes}. */
@SuppressWarnings("ArrayRecordComponent")
record FloatChunk(byte[] bytes, int count, long minTimestampMs, long maxTimestampMs) implements Chunk {
    @Override
    public FloatChunk first(int samples) {
        return new FloatChunk(bytes, samples, minTimestampMs, maxTimestampMs);
    }

    FloatReader reader() {
        return new FloatReader(bytes, count);
    }

    @Override
    public void read(long fromMs, long toMs, SampleColumns into) {
        if (!overlaps(fromMs, toMs)) {
            return;
        }
        FloatReader reader = reader();
        while (reader.next() && reader.timestampMs() <= toMs) {
            if (reader.timestampMs() >= fromMs) {
                into.add(reader.timestampMs(), reader.value());
            }
        }
    }
}

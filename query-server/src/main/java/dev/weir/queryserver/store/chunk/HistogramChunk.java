package dev.weir.queryserver.store.chunk;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.queryserver.encoding.ByteReader;
import dev.weir.queryserver.encoding.HistogramCodec;
import dev.weir.series.FloatHistogram;

/** Native histograms: the first {@code count} of what a {@link HistogramAppender} wrote to {@code bytes}. */
@SuppressWarnings("ArrayRecordComponent")
public record HistogramChunk(byte[] bytes, int count, long minTimestampMs, long maxTimestampMs) implements Chunk {
    @Override
    public HistogramChunk first(int samples) {
        return new HistogramChunk(bytes, samples, minTimestampMs, maxTimestampMs);
    }

    @Override
    public void read(long fromMs, long toMs, SampleColumns into) {
        if (!overlaps(fromMs, toMs)) {
            return;
        }
        ByteReader reader = new ByteReader(bytes);
        long timestampMs = 0;
        for (int i = 0; i < count; i++) {
            timestampMs += reader.readSigned();
            if (timestampMs > toMs) {
                return;
            }
            FloatHistogram histogram = HistogramCodec.read(reader);
            if (timestampMs >= fromMs) {
                into.add(timestampMs, histogram);
            }
        }
    }
}

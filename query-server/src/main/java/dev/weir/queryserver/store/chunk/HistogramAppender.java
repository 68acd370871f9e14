package dev.weir.queryserver.store.chunk;

import dev.weir.queryserver.encoding.ByteWriter;
import dev.weir.queryserver.encoding.HistogramCodec;
import dev.weir.series.FloatHistogram;

/** Native histograms one after another, each preceded by its distance in time from the one before. */
public final class HistogramAppender implements ChunkAppender {
    private static final int INITIAL_BYTES = 256;

    private final ByteWriter bytes = new ByteWriter(INITIAL_BYTES);
    private int count;
    private long firstMs;
    private long lastMs;

    /** Appends a histogram, later than all before it. Returns by how much {@link #allocatedBytes} grew. */
    public int append(long timestampMs, FloatHistogram histogram) {
        int before = allocatedBytes();
        bytes.writeSigned(timestampMs - lastMs);
        HistogramCodec.write(histogram, bytes);
        firstMs = count == 0 ? timestampMs : firstMs;
        lastMs = timestampMs;
        count++;
        return allocatedBytes() - before;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public int allocatedBytes() {
        return bytes.bytes().length;
    }

    @Override
    public HistogramChunk soFar(long newestMs) {
        return new HistogramChunk(bytes.bytes(), count, firstMs, newestMs);
    }

    @Override
    public HistogramChunk sealed(long newestMs) {
        return new HistogramChunk(bytes.toByteArray(), count, firstMs, newestMs);
    }
}

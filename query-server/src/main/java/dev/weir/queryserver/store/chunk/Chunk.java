package dev.weir.queryserver.store.chunk;

import dev.weir.promql.storage.SampleColumns;

/** Successive samples of one series, all floats or all histograms, compressed. Immutable. */
public sealed interface Chunk permits FloatChunk, HistogramChunk {
    /** A chunk is sealed at this many samples: 20 minutes of a 5 s series. */
    int MAX_SAMPLES = 240;

    /** What a chunk costs beside its bytes: object, array header and the reference to it. */
    int OVERHEAD_BYTES = 64;

    byte[] bytes();

    int count();

    /** Time of the first sample. */
    long minTimestampMs();

    /** Time of the last sample, or later. */
    long maxTimestampMs();

    /** The same chunk less all but its first samples. */
    Chunk first(int samples);

    /** Appends the samples with {@code fromMs <= t <= toMs}. */
    void read(long fromMs, long toMs, SampleColumns into);

    default long sizeBytes() {
        return (long) bytes().length + OVERHEAD_BYTES;
    }

    default boolean overlaps(long fromMs, long toMs) {
        return count() > 0 && minTimestampMs() <= toMs && maxTimestampMs() >= fromMs;
    }
}

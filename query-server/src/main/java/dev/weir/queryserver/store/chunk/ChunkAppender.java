package dev.weir.queryserver.store.chunk;

/**
 * A chunk that still grows. One thread appends; others may read the first {@code n} samples once they have learnt of
 * {@code n} safely.
 */
public sealed interface ChunkAppender permits FloatAppender, HistogramAppender {
    int count();

    int allocatedBytes();

    /** The samples so far; later appends do not change it. */
    Chunk soFar();

    /** The samples in no more bytes than they need. */
    Chunk sealed();
}

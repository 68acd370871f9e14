package dev.weir.queryserver.store.chunk;

/**
 * A chunk that still grows. One thread appends; others may read the first {@code n} samples once they have learnt of
 * {@code n} safely.
 */
public sealed interface ChunkAppender permits FloatAppender, HistogramAppender {
    int count();

    int allocatedBytes();

    /**
     * The samples so far; later appends do not change it.
     *
     * @param lastMs time of the last one, which their series knows
     */
    Chunk soFar(long lastMs);

    /** The samples, of which the one at {@code lastMs} is the last one ever, in no more bytes than they need. */
    Chunk sealed(long lastMs);
}

package dev.weir.queryserver.store.block;

import java.util.BitSet;

/**
 * Samples of some series of a group in one stretch of time, as they lie in a block.
 *
 * @param isHistograms whether it holds native histograms, of one series, or floats
 * @param members which series of the group it holds, by their place in it
 */
@SuppressWarnings("ArrayRecordComponent")
record GroupChunk(
        byte[] bytes, boolean isHistograms, BitSet members, long samples, long minTimestampMs, long maxTimestampMs) {}

package dev.weir.queryserver.store.block;

/** A chunk as it lies in a block, with what the index says of it. */
@SuppressWarnings("ArrayRecordComponent")
record StoredChunk(byte[] bytes, int count, long minTimestampMs, long maxTimestampMs) {}

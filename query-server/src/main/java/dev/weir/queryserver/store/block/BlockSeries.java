package dev.weir.queryserver.store.block;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.series.Labels;
import java.util.List;

/** One series of one block. */
final class BlockSeries implements StoredSeries {
    private final Block block;
    private final Labels labels;
    private final int chunksAt;
    private final long dataAt;

    /**
     * @param chunksAt where the index tells of its chunks
     * @param dataAt where its chunks begin, from the start of the data
     */
    BlockSeries(Block block, Labels labels, int chunksAt, long dataAt) {
        this.block = block;
        this.labels = labels;
        this.chunksAt = chunksAt;
        this.dataAt = dataAt;
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public void read(long minTimestampMs, long maxTimestampMs, SampleColumns into) {
        Cursor in = block.index(chunksAt);
        BlockHeader header = block.header();
        long unitMs = header.timeUnitMs();
        long at = dataAt;
        for (int chunks = in.readInt(); chunks > 0; chunks--) {
            long firstMs = header.minTimestampMs() + in.readByte() * unitMs;
            long lastMs = header.minTimestampMs() + in.readByte() * unitMs;
            int length = in.readInt();
            int crc = in.readFixed32();
            if (firstMs > maxTimestampMs) {
                return;
            }
            if (lastMs >= minTimestampMs) {
                byte[] chunk = block.chunk(at, length, crc);
                if (chunk != null) {
                    block.decode(chunk, at, minTimestampMs, maxTimestampMs, into);
                }
            }
            at += length;
        }
    }

    /** Whether any chunk may hold a sample of this time. */
    boolean overlaps(long fromMs, long toMs) {
        Cursor in = block.index(chunksAt);
        BlockHeader header = block.header();
        long unitMs = header.timeUnitMs();
        for (int chunks = in.readInt(); chunks > 0; chunks--) {
            long firstMs = header.minTimestampMs() + in.readByte() * unitMs;
            long lastMs = header.minTimestampMs() + in.readByte() * unitMs;
            if (firstMs <= toMs && lastMs >= fromMs) {
                return true;
            }
            in.readUnsigned();
            in.skip(Integer.BYTES);
        }
        return false;
    }

    /** Adds the chunks that may hold a sample at {@code fromMs} or later, undecoded; damaged ones are left out. */
    void chunks(long fromMs, List<StoredChunk> into) {
        Cursor in = block.index(chunksAt);
        BlockHeader header = block.header();
        long unitMs = header.timeUnitMs();
        long at = dataAt;
        for (int chunks = in.readInt(); chunks > 0; chunks--) {
            long firstMs = header.minTimestampMs() + in.readByte() * unitMs;
            long lastMs = header.minTimestampMs() + in.readByte() * unitMs;
            int length = in.readInt();
            int crc = in.readFixed32();
            byte[] chunk = lastMs < fromMs ? null : block.chunk(at, length, crc);
            if (chunk != null) {
                into.add(new StoredChunk(chunk, ChunkCodec.count(chunk), firstMs, lastMs));
            }
            at += length;
        }
    }

    /** Appends all samples of a chunk that {@link #chunks} gave. */
    void decode(StoredChunk chunk, SampleColumns into) {
        block.decode(chunk.bytes(), dataAt, Long.MIN_VALUE, Long.MAX_VALUE, into);
    }
}

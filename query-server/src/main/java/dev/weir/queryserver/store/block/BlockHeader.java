package dev.weir.queryserver.store.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a block is and where its parts lie: {@value #BYTES} bytes at the file's start, and the same again at its end, so that
 * one damage does not cost the block.
 *
 * @param firstSequence the first flush whose samples are here; blocks are in order of these
 * @param lastSequence the last flush whose samples are here
 * @param throughSegment log segments up to this one hold nothing that is not in a block
 * @param minTimestampMs of the oldest sample
 * @param maxTimestampMs of the newest sample
 * @param dataBytes chunks, which follow the header
 * @param indexBytes index, which follows the chunks
 * @param guardBytes checksums and parity of chunks and index, which follow them
 */
record BlockHeader(
        long firstSequence,
        long lastSequence,
        long throughSegment,
        long minTimestampMs,
        long maxTimestampMs,
        long series,
        long samples,
        int dataBytes,
        int indexBytes,
        int indexCrc,
        int guardBytes,
        int guardCrc) {
    static final int BYTES = 128;

    /** The digit is the version of the layout. */
    private static final long MAGIC = 0x324b_4c42_5249_4557L; // "WEIRBLK2"

    int indexOffset() {
        return BYTES + dataBytes;
    }

    int guardOffset() {
        return indexOffset() + indexBytes;
    }

    int footerOffset() {
        return guardOffset() + guardBytes;
    }

    long fileBytes() {
        return (long) footerOffset() + BYTES;
    }

    /** Bytes of what is guarded, chunks and index. */
    int guardedBytes() {
        return dataBytes + indexBytes;
    }

    /** Quantised times of chunks count in units of this. */
    long timeUnitMs() {
        return (maxTimestampMs - minTimestampMs) / 255 + 1;
    }

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC).putLong(firstSequence).putLong(lastSequence).putLong(throughSegment);
        bytes.putLong(minTimestampMs).putLong(maxTimestampMs).putLong(series).putLong(samples);
        bytes.putInt(dataBytes)
                .putInt(indexBytes)
                .putInt(indexCrc)
                .putInt(guardBytes)
                .putInt(guardCrc);
        bytes.putInt(BYTES - Integer.BYTES, crc(bytes));
        return bytes.clear();
    }

    /** Null if the bytes are no undamaged header. */
    static @Nullable BlockHeader decode(ByteBuffer from) {
        ByteBuffer bytes = from.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
        if (bytes.limit() != BYTES || bytes.getLong() != MAGIC || crc(bytes) != bytes.getInt(BYTES - Integer.BYTES)) {
            return null;
        }
        return new BlockHeader(
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getInt(),
                bytes.getInt(),
                bytes.getInt(),
                bytes.getInt(),
                bytes.getInt());
    }

    private static int crc(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().clear().limit(BYTES - Integer.BYTES));
        return (int) crc.getValue();
    }
}

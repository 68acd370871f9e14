package dev.weir.queryserver.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How a record lies in a segment, little-endian:
 *
 * <pre>
 * bytes  0-3   magic, the same for every record, by which one is found again behind damage
 *        4-7   payload length
 *        8-11  CRC-32C of bytes 0-7
 *        12-15 CRC-32C of the payload
 *        16-   payload
 * </pre>
 */
final class RecordFrame {
    static final int HEADER_BYTES = 16;

    /** The longest payload; a longer length is damage. */
    static final int MAX_PAYLOAD_BYTES = 1 << 28;

    private static final int MAGIC = 0xd7c3_5ea9;
    private static final int NO_RECORD = -1;

    private RecordFrame() {}

    static ByteBuffer header(byte[] payload, int length) {
        if (length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("record: " + length + " bytes (expected: <= " + MAX_PAYLOAD_BYTES + ")");
        }
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(MAGIC).putInt(length);
        header.putInt(crc(ByteBuffer.wrap(header.array(), 0, 8)));
        header.putInt(crc(ByteBuffer.wrap(payload, 0, length)));
        return header.flip();
    }

    /** The payload length of the whole and undamaged record at {@code position}, else -1. */
    static int payloadLengthAt(ByteBuffer segment, int position) {
        int left = segment.limit() - position;
        if (left < HEADER_BYTES || segment.getInt(position) != MAGIC) {
            return NO_RECORD;
        }
        int length = segment.getInt(position + 4);
        if (length < 0
                || length > left - HEADER_BYTES
                || crc(segment.slice(position, 8)) != segment.getInt(position + 8)) {
            return NO_RECORD;
        }
        ByteBuffer payload = segment.slice(position + HEADER_BYTES, length);
        return crc(payload) == segment.getInt(position + 12) ? length : NO_RECORD;
    }

    /** Where the next whole and undamaged record begins, at or after {@code position}; the segment's end if nowhere. */
    static int nextRecord(ByteBuffer segment, int position) {
        for (int i = position; i <= segment.limit() - HEADER_BYTES; i++) {
            if (segment.getInt(i) == MAGIC && payloadLengthAt(segment, i) >= 0) {
                return i;
            }
        }
        return segment.limit();
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}

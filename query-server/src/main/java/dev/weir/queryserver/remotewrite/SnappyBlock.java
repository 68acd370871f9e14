package dev.weir.queryserver.remotewrite;

import dev.weir.queryserver.remotewrite.InvalidWriteException.Reason;
import java.io.IOException;
import org.xerial.snappy.Snappy;

/** The snappy block format, with the length that a block claims checked before memory is taken for it. */
final class SnappyBlock {
    /** No block grows by more: its densest element gives 64 bytes for 3. */
    private static final int MAX_RATIO = 22;

    private SnappyBlock() {}

    /** What a block holds: the first {@code length} of these bytes. */
    @SuppressWarnings("ArrayRecordComponent")
    record Content(byte[] bytes, int length) {}

    /** The bytes lie in an array of {@code buffers}, to be given back. */
    static Content decompress(byte[] block, int maxBytes, DecodeBuffers buffers) throws InvalidWriteException {
        try {
            int length = Snappy.uncompressedLength(block);
            if (length < 0 || length > (long) MAX_RATIO * block.length) {
                throw new InvalidWriteException(
                        Reason.ENCODING,
                        "snappy block of " + block.length + " bytes claims a length of "
                                + Integer.toUnsignedString(length) + " (expected: at most " + MAX_RATIO
                                + " times its own)");
            }
            if (length > maxBytes) {
                throw new InvalidWriteException(
                        Reason.TOO_LARGE,
                        "write request: " + length + " bytes decompressed (expected: at most maxDecodedBytes = "
                                + maxBytes + ")");
            }
            byte[] bytes = buffers.take(length);
            int written = Snappy.uncompress(block, 0, block.length, bytes, 0);
            if (written != length) {
                throw new IOException("it holds " + written + " bytes, not " + length);
            }
            return new Content(bytes, length);
        } catch (IOException e) {
            throw new InvalidWriteException(
                    Reason.ENCODING,
                    "request body is no snappy block: " + e.getMessage()
                            + " (expected: the snappy block format, not the framed one)");
        }
    }
}

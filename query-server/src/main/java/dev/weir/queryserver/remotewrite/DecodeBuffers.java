package dev.weir.queryserver.remotewrite;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Memory that requests are decompressed into, used again and again: pieces of this size are a burden for a collector that
 * would get them at every request. Keeps at most {@value #MAX_SPARE} of at most {@value #MAX_SPARE_BYTES} bytes. Thread-safe.
 */
final class DecodeBuffers {
    static final int MAX_SPARE = 4;
    static final int MAX_SPARE_BYTES = 2 << 20;

    private static final int LEAST_BYTES = 64 << 10;

    private final BlockingQueue<byte[]> spare = new ArrayBlockingQueue<>(MAX_SPARE);

    /** An array of at least this length, of any content. */
    byte[] take(int bytes) {
        byte @Nullable [] array = bytes > MAX_SPARE_BYTES ? null : spare.poll();
        if (array != null && array.length >= bytes) {
            return array;
        }
        return new byte[bytes > MAX_SPARE_BYTES ? bytes : Math.max(LEAST_BYTES, Integer.highestOneBit(bytes - 1) << 1)];
    }

    /** Takes an array back that nobody uses any more. */
    void giveBack(byte[] array) {
        if (array.length <= MAX_SPARE_BYTES) {
            boolean unused = spare.offer(array);
        }
    }
}

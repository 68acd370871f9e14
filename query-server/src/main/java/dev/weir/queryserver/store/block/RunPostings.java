package dev.weir.queryserver.store.block;

import dev.weir.queryserver.encoding.ByteWriter;
import java.util.BitSet;

/**
 * Ordinals of series, ascending, as runs: the distance from the end of the run before, doubled, and one more if the run is
 * longer than one series, then its length less two. A label that all series have takes three bytes, a scattered one a byte or
 * two for each.
 */
final class RunPostings {
    private RunPostings() {}

    static void write(int[] ordinals, int from, int to, ByteWriter into) {
        int end = 0;
        int at = from;
        while (at < to) {
            int next = at + 1;
            while (next < to && ordinals[next] == ordinals[next - 1] + 1) {
                next++;
            }
            int length = next - at;
            into.writeUnsigned((long) (ordinals[at] - end) << 1 | (length > 1 ? 1 : 0));
            if (length > 1) {
                into.writeUnsigned(length - 2L);
            }
            end = ordinals[at] + length;
            at = next;
        }
    }

    /** Adds the ordinals that lie in the next {@code sizeBytes} bytes. */
    static void addTo(BitSet set, Cursor from, int sizeBytes) {
        int endPosition = from.position() + sizeBytes;
        int ordinal = 0;
        while (from.position() < endPosition) {
            long head = from.readUnsigned();
            ordinal += (int) (head >>> 1);
            int length = (head & 1) == 0 ? 1 : from.readInt() + 2;
            set.set(ordinal, ordinal + length);
            ordinal += length;
        }
    }
}

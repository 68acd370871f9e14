package dev.weir.exposition;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The label blocks already read from a page, by their bytes. Histograms repeat the same block under many names, and a
 * block that is known is neither decoded nor sorted again.
 */
final class LabelBlockTable {
    private final byte[] bytes;
    private @Nullable LabelBlock[] blocks = new @Nullable LabelBlock[256];
    private long[] ranges = new long[256];
    private int[] hashes = new int[256];
    private int size;

    LabelBlockTable(byte[] bytes) {
        this.bytes = bytes;
    }

    @Nullable
    LabelBlock get(int hash, int from, int to) {
        int mask = blocks.length - 1;
        for (int slot = hash & mask; blocks[slot] != null; slot = (slot + 1) & mask) {
            if (hashes[slot] == hash
                    && Arrays.equals(bytes, (int) (ranges[slot] >>> 32), (int) ranges[slot], bytes, from, to)) {
                return blocks[slot];
            }
        }
        return null;
    }

    void put(int hash, int from, int to, LabelBlock block) {
        if ((size + 1) * 2 > blocks.length) {
            grow();
        }
        insert(hash, ((long) from << 32) | to, block);
        size++;
    }

    private void insert(int hash, long range, LabelBlock block) {
        int mask = blocks.length - 1;
        int slot = hash & mask;
        while (blocks[slot] != null) {
            slot = (slot + 1) & mask;
        }
        blocks[slot] = block;
        ranges[slot] = range;
        hashes[slot] = hash;
    }

    private void grow() {
        @Nullable LabelBlock[] oldBlocks = blocks;
        long[] oldRanges = ranges;
        int[] oldHashes = hashes;
        blocks = new @Nullable LabelBlock[oldBlocks.length * 2];
        ranges = new long[blocks.length];
        hashes = new int[blocks.length];
        for (int i = 0; i < oldBlocks.length; i++) {
            LabelBlock block = oldBlocks[i];
            if (block != null) {
                insert(oldHashes[i], oldRanges[i], block);
            }
        }
    }
}

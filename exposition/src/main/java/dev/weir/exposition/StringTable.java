package dev.weir.exposition;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One string per distinct range of a page's bytes, so that a name or label value that stands on a thousand lines is
 * decoded once. Lives as long as one parse.
 */
final class StringTable {
    private final byte[] bytes;
    private @Nullable String[] strings = new @Nullable String[256];
    private long[] ranges = new long[256];
    private int[] hashes = new int[256];
    private int size;

    StringTable(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The range as UTF-8, or null if it is not valid UTF-8. */
    @Nullable
    String intern(int from, int to) {
        int hash = ByteHash.of(bytes, from, to);
        int mask = strings.length - 1;
        int slot = hash & mask;
        while (true) {
            String known = strings[slot];
            if (known == null) {
                break;
            }
            if (hashes[slot] == hash) {
                int start = (int) (ranges[slot] >>> 32);
                if (Arrays.equals(bytes, start, (int) ranges[slot], bytes, from, to)) {
                    return known;
                }
            }
            slot = (slot + 1) & mask;
        }
        String decoded = decode(bytes, from, to);
        if (decoded != null) {
            put(slot, hash, ((long) from << 32) | to, decoded);
        }
        return decoded;
    }

    /** The range as UTF-8, or null if it is not valid UTF-8. */
    static @Nullable String decode(byte[] bytes, int from, int to) {
        if (ByteHash.isAscii(bytes, from, to)) {
            return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private void put(int slot, int hash, long range, String string) {
        strings[slot] = string;
        hashes[slot] = hash;
        ranges[slot] = range;
        size++;
        if (size * 2 > strings.length) {
            grow();
        }
    }

    private void grow() {
        @Nullable String[] oldStrings = strings;
        long[] oldRanges = ranges;
        int[] oldHashes = hashes;
        int capacity = oldStrings.length * 2;
        strings = new @Nullable String[capacity];
        ranges = new long[capacity];
        hashes = new int[capacity];
        for (int i = 0; i < oldStrings.length; i++) {
            if (oldStrings[i] != null) {
                int slot = oldHashes[i] & (capacity - 1);
                while (strings[slot] != null) {
                    slot = (slot + 1) & (capacity - 1);
                }
                strings[slot] = oldStrings[i];
                ranges[slot] = oldRanges[i];
                hashes[slot] = oldHashes[i];
            }
        }
    }
}

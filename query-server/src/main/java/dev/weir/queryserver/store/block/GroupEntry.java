package dev.weir.queryserver.store.block;

import java.util.BitSet;

/**
 * Walks through the chunks of one group as the index tells of them: their count, where they begin, and for each
 *
 * <pre>
 * 1 byte    {@value #HISTOGRAMS} if it holds native histograms, {@value #SOME} if not all series of the group
 * if so, as many bytes as that takes, a bit for each series
 * 2 bytes   first and last time, rounded away from each other to one of 255 parts of the block's time
 * length, CRC-32C
 * </pre>
 */
final class GroupEntry {
    static final int HISTOGRAMS = 1;
    static final int SOME = 2;

    private final BlockHeader header;
    private final Cursor in;
    private final int memberCount;
    private final byte[] members;
    private int left;
    private boolean isHistograms;
    private boolean hasAll;
    private long firstMs;
    private long lastMs;
    private long nextAt;
    private long at;
    private int length;
    private int crc;

    GroupEntry(BlockHeader header, Cursor in, int memberCount) {
        this.header = header;
        this.in = in;
        this.memberCount = memberCount;
        this.members = new byte[(memberCount + 7) / 8];
        this.left = in.readInt();
        this.nextAt = in.readUnsigned();
    }

    /** Moves to the next chunk; false if there is none. */
    boolean next() {
        if (left-- == 0) {
            return false;
        }
        int flags = in.readByte();
        isHistograms = (flags & HISTOGRAMS) != 0;
        hasAll = (flags & SOME) == 0;
        if (!hasAll) {
            in.readBytes(members, 0, members.length);
        }
        long unitMs = header.timeUnitMs();
        firstMs = header.minTimestampMs() + in.readByte() * unitMs;
        lastMs = header.minTimestampMs() + in.readByte() * unitMs;
        length = in.readInt();
        crc = in.readFixed32();
        at = nextAt;
        nextAt += length;
        return true;
    }

    boolean isHistograms() {
        return isHistograms;
    }

    boolean overlaps(long fromMs, long toMs) {
        return firstMs <= toMs && lastMs >= fromMs;
    }

    boolean has(int member) {
        return hasAll || (members[member >> 3] >> (member & 7) & 1) != 0;
    }

    /** How many of the group's series before this one the chunk has. */
    int placeOf(int member) {
        return hasAll ? member : BitSet.valueOf(members).get(0, member).cardinality();
    }

    /** The series of the group that the chunk has. */
    BitSet members() {
        if (!hasAll) {
            return BitSet.valueOf(members);
        }
        BitSet all = new BitSet();
        all.set(0, memberCount);
        return all;
    }

    /** Where the chunk begins, from the start of the data. */
    long at() {
        return at;
    }

    int length() {
        return length;
    }

    int crc() {
        return crc;
    }
}

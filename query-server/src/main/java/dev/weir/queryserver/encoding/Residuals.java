package dev.weir.queryserver.encoding;

import java.util.Arrays;

/**
 * Numbers that lie close to one, which is their middle and is stored first. Of each the zigzagged difference to it is
 * packed, in blocks of {@value #BLOCK}, the last of which may have fewer. A block begins with a byte, the width of its
 * numbers in bits; numbers that are wider leave their low bits there, and {@link #PATCHED} is added to the byte:
 * their count and the width of what is above those low bits follow, a byte each, and after the packed numbers, packed
 * too, what is above with the place in the block in its low {@value #PLACE_BITS} bits. Every packed run ends at a full byte.
 */
final class Residuals {
    static final int BLOCK = 128;
    static final int PLACE_BITS = 7;
    static final int PATCHED = 0x80;

    /** What is above must fit one load together with its place. */
    private static final int MAX_ABOVE_BITS = BitPacking.MAX_LOADED_BITS - PLACE_BITS;

    private Residuals() {}

    /** Bits that {@link #write} takes for the blocks. */
    static long bits(long[] numbers, long middle) {
        int count = numbers.length;
        Widths widths = new Widths();
        long bits = 0;
        for (int from = 0; from < count; from += BLOCK) {
            widths.count(numbers, from, Math.min(BLOCK, count - from), middle);
            bits += widths.leastBits;
        }
        return bits;
    }

    static void write(long[] numbers, long middle, ByteWriter into) {
        int count = numbers.length;
        into.writeSigned(middle);
        Widths widths = new Widths();
        long[] block = new long[BLOCK];
        for (int from = 0; from < count; from += BLOCK) {
            int size = Math.min(BLOCK, count - from);
            widths.count(numbers, from, size, middle);
            for (int i = 0; i < size; i++) {
                block[i] = zigzag(numbers[from + i] - middle);
            }
            writeBlock(block, size, widths.best, widths.widest, into);
        }
    }

    /**
     * Reads as many numbers as {@code into} has room for after its first, and writes the sum of all before each.
     *
     * @param block scratch, for {@value #BLOCK} numbers
     */
    static void readSums(ChunkCursor in, long[] block, long[] into) {
        long middle = in.readSigned();
        long sum = into[0];
        for (int from = 1; from < into.length; from += BLOCK) {
            int size = Math.min(BLOCK, into.length - from);
            readBlock(in, size, block);
            for (int i = 0; i < size; i++) {
                long zigzagged = block[i];
                sum += middle + (zigzagged >>> 1 ^ -(zigzagged & 1));
                into[from + i] = sum;
            }
        }
    }

    private static void readBlock(ChunkCursor in, int size, long[] block) {
        int head = in.readByte();
        int width = head & ~PATCHED;
        if (width > Long.SIZE) {
            throw new DamagedChunkException("width of a block", width, "at most 64");
        }
        if ((head & PATCHED) == 0) {
            in.unpack(size, width, block);
            return;
        }
        int patchCount = in.readNumber("patches of a block", 1, size);
        int aboveBits = in.readNumber("bits of a patch", 1, Math.min(MAX_ABOVE_BITS, Long.SIZE - width));
        in.unpack(size, width, block);
        long[] patches = new long[patchCount];
        in.unpack(patchCount, aboveBits + PLACE_BITS, patches);
        for (long patch : patches) {
            block[(int) patch & (BLOCK - 1)] |= patch >>> PLACE_BITS << width;
        }
    }

    private static void writeBlock(long[] block, int size, int width, int widest, ByteWriter into) {
        if (width == widest) {
            into.writeByte(width);
            BitPacking.pack(block, size, width, into);
            return;
        }
        long[] patches = new long[size];
        int patchCount = 0;
        long mask = (1L << width) - 1;
        for (int i = 0; i < size; i++) {
            if ((block[i] & ~mask) != 0) {
                patches[patchCount++] = block[i] >>> width << PLACE_BITS | i;
                block[i] &= mask;
            }
        }
        into.writeByte(PATCHED | width);
        into.writeUnsigned(patchCount);
        into.writeByte(widest - width);
        BitPacking.pack(block, size, width, into);
        BitPacking.pack(patches, patchCount, widest - width + PLACE_BITS, into);
    }

    /** How many bits wide the numbers of a block are, and which width takes the least bits. */
    private static final class Widths {
        private final int[] counts = new int[Long.SIZE + 1];
        private int widest;
        private int best;
        private long leastBits;

        void count(long[] numbers, int from, int size, long middle) {
            Arrays.fill(counts, 0);
            for (int i = from; i < from + size; i++) {
                counts[Long.SIZE - Long.numberOfLeadingZeros(zigzag(numbers[i] - middle))]++;
            }
            widest = Long.SIZE;
            while (widest > 0 && counts[widest] == 0) {
                widest--;
            }
            choose(size);
        }

        private void choose(int size) {
            best = widest;
            leastBits = Byte.SIZE + roundedUp((long) size * widest);
            int patches = 0;
            for (int width = widest - 1; width >= 0 && widest - width <= MAX_ABOVE_BITS; width--) {
                patches += counts[width + 1];
                long bits = 3 * Byte.SIZE
                        + roundedUp((long) size * width)
                        + roundedUp((long) patches * (widest - width + PLACE_BITS));
                if (bits < leastBits) {
                    leastBits = bits;
                    best = width;
                }
            }
        }
    }

    private static long roundedUp(long bits) {
        return bits + 7 & -8;
    }

    private static long zigzag(long number) {
        return number << 1 ^ number >> 63;
    }
}

package dev.weir.queryserver.encoding;

/** Reads a part of a {@link ColdChunk} from its begin to its end, and nothing beyond. */
final class ChunkCursor {
    private final byte[] bytes;
    private final int end;
    private int position;

    /** Less than {@link Residuals#BLOCK} numbers of 64 bits, for a run at the end of the array. */
    private byte[] padded = {};

    ChunkCursor(byte[] bytes, int from, int to) {
        if (from < 0 || to > bytes.length || from > to) {
            throw new DamagedChunkException("end of a part", to, "from its begin at " + from + " to " + bytes.length);
        }
        this.bytes = bytes;
        this.position = from;
        this.end = to;
    }

    int position() {
        return position;
    }

    int left() {
        return end - position;
    }

    int readByte() {
        return bytes[advance(1)] & 0xff;
    }

    /** A number from {@code least} to {@code greatest}. */
    int readNumber(String what, int least, int greatest) {
        long number = readUnsigned();
        if (number < least || number > greatest) {
            throw new DamagedChunkException(what, number, "from " + least + " to " + greatest);
        }
        return (int) number;
    }

    long readUnsigned() {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = readByte();
            number |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return number;
            }
        }
        throw new DamagedChunkException("bytes of a number at byte " + position, 11, "at most 10");
    }

    long readSigned() {
        long number = readUnsigned();
        return number >>> 1 ^ -(number & 1);
    }

    long readFixed64() {
        int at = advance(Long.BYTES);
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number |= (bytes[at + i] & 0xffL) << (Byte.SIZE * i);
        }
        return number;
    }

    /** As {@link BitPacking#pack} wrote them. */
    void unpack(int count, int width, long[] into) {
        int size = BitPacking.bytes(count, width);
        int at = advance(size);
        if (at + size + Long.BYTES <= bytes.length) {
            BitPacking.unpack(bytes, at, count, width, into);
            return;
        }
        if (padded.length < size + Long.BYTES) {
            padded = new byte[size + Long.BYTES];
        }
        System.arraycopy(bytes, at, padded, 0, size);
        BitPacking.unpack(padded, 0, count, width, into);
    }

    private int advance(int size) {
        if (size > end - position) {
            throw new DamagedChunkException("end of a part", end, "no less than " + (position + (long) size));
        }
        int at = position;
        position += size;
        return at;
    }
}

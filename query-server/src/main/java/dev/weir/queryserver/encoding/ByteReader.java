package dev.weir.queryserver.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what a {@link ByteWriter} wrote. Reading beyond the end throws {@link IndexOutOfBoundsException}. */
public final class ByteReader {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private int position;

    public ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    public boolean hasMore() {
        return position < bytes.length;
    }

    public int readByte() {
        return bytes[position++] & 0xff;
    }

    public long readUnsigned() {
        long value = bytes[position++];
        if (value >= 0) {
            return value;
        }
        value &= 0x7f;
        for (int shift = 7; shift < 64; shift += 7) {
            byte next = bytes[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("variable-length number at byte " + position + " (expected: at most 10 bytes)");
    }

    public long readSigned() {
        long value = readUnsigned();
        return value >>> 1 ^ -(value & 1);
    }

    /** A number of things that take at least one byte each: one that cannot be is refused before memory is taken. */
    public int readCount() {
        long count = readUnsigned();
        if (count < 0 || count > bytes.length - position) {
            throw new IllegalStateException("count " + count + " at byte " + position + " (expected: at most "
                    + (bytes.length - position) + ")");
        }
        return (int) count;
    }

    public long readFixed64() {
        long value = (long) LONGS.get(bytes, position);
        position += Long.BYTES;
        return value;
    }

    public double readDouble() {
        return Double.longBitsToDouble(readFixed64());
    }

    public String readString() {
        int length = readCount();
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    /** Makes a text of the bytes {@code from} to {@code to}, exclusive. */
    @FunctionalInterface
    public interface Texts {
        String text(byte[] bytes, int from, int to);
    }

    /** A string as {@code texts} makes it. */
    public String readString(Texts texts) {
        int length = readCount();
        position += length;
        return texts.text(bytes, position - length, position);
    }

    public void skipString() {
        int length = readCount();
        position += length;
    }

    /** All bytes that are left. */
    public byte[] readRest() {
        byte[] rest = Arrays.copyOfRange(bytes, position, bytes.length);
        position = bytes.length;
        return rest;
    }
}

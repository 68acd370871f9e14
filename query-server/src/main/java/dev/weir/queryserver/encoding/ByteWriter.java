package dev.weir.queryserver.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing run of bytes: little-endian fixed numbers, LEB128 variable ones, strings as length and UTF-8. Bytes once
 * written never change until {@link #clear}.
 */
public final class ByteWriter {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes;
    private int size;

    public ByteWriter(int initialBytes) {
        this.bytes = new byte[initialBytes];
    }

    /** The bytes themselves, valid up to {@link #size()}. */
    public byte[] bytes() {
        return bytes;
    }

    public int size() {
        return size;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    public void clear() {
        size = 0;
    }

    public void writeByte(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    public void writeUnsigned(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** A number of either sign, short if near zero. */
    public void writeSigned(long value) {
        writeUnsigned(value << 1 ^ value >> 63);
    }

    public void writeFixed32(int value) {
        ensure(4);
        for (int shift = 0; shift < 32; shift += 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    public void writeFixed64(long value) {
        ensure(Long.BYTES);
        LONGS.set(bytes, size, value);
        size += Long.BYTES;
    }

    public void writeDouble(double value) {
        writeFixed64(Double.doubleToRawLongBits(value));
    }

    public void writeString(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        writeUnsigned(utf8.length);
        ensure(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
    }

    public void writeBytes(ByteWriter other) {
        writeBytes(other.bytes, other.size);
    }

    /** Appends the first {@code count} of these bytes. */
    public void writeBytes(byte[] more, int count) {
        ensure(count);
        System.arraycopy(more, 0, bytes, size, count);
        size += count;
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}

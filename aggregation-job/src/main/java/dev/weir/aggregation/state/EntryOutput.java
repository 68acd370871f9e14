package dev.weir.aggregation.state;

import java.io.DataOutput;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What is written, in memory and without locks; a lane writes hundreds of thousands of numbers for every checkpoint. Strings
 * go by {@link StateIo}. Not safe for use by several threads.
 */
final class EntryOutput implements DataOutput {
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes = new byte[1 << 10];
    private int size;

    /** What was written stands at the beginning; valid until something else is written. */
    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** Begins anew. */
    void clear() {
        size = 0;
    }

    /** The place of so many further bytes. */
    private int advance(int length) {
        int from = size;
        int to = Math.addExact(from, length);
        if (to > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(to, 2L * bytes.length)));
        }
        size = to;
        return from;
    }

    @Override
    public void write(int b) {
        int at = advance(1);
        bytes[at] = (byte) b;
    }

    @Override
    public void write(byte[] from) {
        write(from, 0, from.length);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        int at = advance(length);
        System.arraycopy(from, offset, bytes, at, length);
    }

    @Override
    public void writeBoolean(boolean value) {
        write(value ? 1 : 0);
    }

    @Override
    public void writeByte(int value) {
        write(value);
    }

    @Override
    public void writeShort(int value) {
        int at = advance(Short.BYTES);
        SHORTS.set(bytes, at, (short) value);
    }

    @Override
    public void writeChar(int value) {
        writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        int at = advance(Integer.BYTES);
        INTS.set(bytes, at, value);
    }

    @Override
    public void writeLong(long value) {
        int at = advance(Long.BYTES);
        LONGS.set(bytes, at, value);
    }

    @Override
    public void writeFloat(float value) {
        writeInt(Float.floatToIntBits(value));
    }

    @Override
    public void writeDouble(double value) {
        writeLong(Double.doubleToLongBits(value));
    }

    /** @throws UnsupportedOperationException always */
    @Override
    public void writeBytes(String text) {
        throw new UnsupportedOperationException("a string that is not written by StateIo.writeString");
    }

    /** @throws UnsupportedOperationException always */
    @Override
    public void writeChars(String text) {
        throw new UnsupportedOperationException("a string that is not written by StateIo.writeString");
    }

    /** @throws UnsupportedOperationException always */
    @Override
    public void writeUTF(String text) {
        throw new UnsupportedOperationException("a string that is not written by StateIo.writeString");
    }
}

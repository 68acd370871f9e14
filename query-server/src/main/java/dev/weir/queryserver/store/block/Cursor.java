package dev.weir.queryserver.store.block;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads an index, whose checksum has been verified, from some place on. */
final class Cursor {
    private final ByteBuffer bytes;
    private int position;

    Cursor(ByteBuffer bytes, int position) {
        this.bytes = bytes;
        this.position = position;
    }

    int position() {
        return position;
    }

    void moveTo(int newPosition) {
        position = newPosition;
    }

    void skip(int count) {
        position += count;
    }

    int readByte() {
        return bytes.get(position++) & 0xff;
    }

    int readFixed32() {
        int value = bytes.getInt(position);
        position += Integer.BYTES;
        return value;
    }

    int readInt() {
        return (int) readUnsigned();
    }

    long readUnsigned() {
        byte next = bytes.get(position++);
        if (next >= 0) {
            return next;
        }
        long value = next & 0x7f;
        for (int shift = 7; next < 0; shift += 7) {
            next = bytes.get(position++);
            value |= (long) (next & 0x7f) << shift;
        }
        return value;
    }

    long readSigned() {
        long value = readUnsigned();
        return value >>> 1 ^ -(value & 1);
    }

    /** Fills {@code into} from {@code at} on. */
    void readBytes(byte[] into, int at, int count) {
        bytes.get(position, into, at, count);
        position += count;
    }

    String readString() {
        byte[] utf8 = new byte[readInt()];
        readBytes(utf8, 0, utf8.length);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}

package dev.weir.simulator.metric;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A protobuf message, field by field. */
final class ProtobufMessage {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ProtobufMessage text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtobufMessage message(int field, ProtobufMessage value) {
        return bytes(field, value.bytes.toByteArray());
    }

    ProtobufMessage number(int field, long value) {
        tag(field, VARINT);
        varint(bytes, value);
        return this;
    }

    /** A sint32 or sint64. */
    ProtobufMessage zigZag(int field, long value) {
        return number(field, (value << 1) ^ (value >> 63));
    }

    ProtobufMessage real(int field, double value) {
        tag(field, FIXED_64);
        long bits = Double.doubleToRawLongBits(value);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bytes.write((int) (bits >>> shift));
        }
        return this;
    }

    /** Its length and itself. */
    byte[] delimited() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, bytes.size());
        out.writeBytes(bytes.toByteArray());
        return out.toByteArray();
    }

    private ProtobufMessage bytes(int field, byte[] value) {
        tag(field, LENGTH);
        varint(bytes, value.length);
        bytes.writeBytes(value);
        return this;
    }

    private void tag(int field, int wireType) {
        varint(bytes, ((long) field << 3) | wireType);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}

package dev.weir.exposition;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A position in protobuf bytes that never leaves the message it is in. Knows the wire format
 * (protobuf.dev/programming-guides/encoding) and no message. Unknown fields are skipped, not descended into, so that
 * nesting costs nothing; the group types, which proto2 gave up, are refused.
 */
final class WireReader {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED_32 = 5;
    private static final int MAX_VARINT_BYTES = 10;

    final byte[] bytes;
    private final int start;
    private int end;
    private int pos;
    private int tagAt;
    private int field;
    private int wireType;
    /** What error messages say of where they are, such as {@code family x: }. */
    private String context = "";

    WireReader(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.start = from;
        this.pos = from;
        this.end = to;
    }

    /** Whether the message, or at the top the page, ends here. */
    boolean atEnd() {
        return pos == end;
    }

    int pos() {
        return pos;
    }

    void seek(int newPos) {
        pos = newPos;
    }

    void setContext(String newContext) {
        context = newContext;
    }

    /** Whether the message goes on; if so, {@link #field} is its next field. */
    boolean nextField() throws ExpositionException {
        if (atEnd()) {
            return false;
        }
        tagAt = pos;
        long tag = varint("field number");
        field = (int) (tag >>> 3);
        wireType = (int) tag & 7;
        if (tag >>> 32 != 0 || field == 0) {
            throw error(tagAt, "field number: " + Long.toUnsignedString(tag >>> 3), "1 to 536870911");
        }
        return true;
    }

    int field() {
        return field;
    }

    /** Steps into the message of the field and returns what {@link #leave} needs. */
    int enter(String what) throws ExpositionException {
        require(LENGTH, what);
        return enterDelimited(what);
    }

    /** Steps into a message that stands behind its length, without a field number. */
    int enterDelimited(String what) throws ExpositionException {
        int outer = end;
        int length = length(what);
        end = pos + length;
        return outer;
    }

    /** Steps behind the message entered last. */
    void leave(int outer) {
        pos = end;
        end = outer;
    }

    /** The length of what follows, all of which is there. */
    int lengthOf(String what) throws ExpositionException {
        require(LENGTH, what);
        return length(what);
    }

    /** Whether the field holds several elements, to be {@linkplain #enter entered}, not a single one. */
    boolean isPacked() {
        return wireType == LENGTH;
    }

    long int64(String what) throws ExpositionException {
        require(VARINT, what);
        return varint(what);
    }

    /** A count: as protobuf has no other way to be negative, one of 2^63 and more is refused. */
    long count(String what) throws ExpositionException {
        int at = pos;
        long value = int64(what);
        if (value < 0) {
            throw error(at, what + ": " + Long.toUnsignedString(value), "less than 2^63");
        }
        return value;
    }

    long sint64(String what) throws ExpositionException {
        require(VARINT, what);
        return zigZag(varint(what));
    }

    /** An element of a packed sint64 field. */
    long packedSint64(String what) throws ExpositionException {
        return zigZag(varint(what));
    }

    double float64(String what) throws ExpositionException {
        require(FIXED_64, what);
        return packedFloat64(what);
    }

    /** An element of a packed double field. */
    double packedFloat64(String what) throws ExpositionException {
        return Double.longBitsToDouble((long) LONGS.get(bytes, advance(Long.BYTES, what)));
    }

    void skip() throws ExpositionException {
        switch (wireType) {
            case VARINT -> varint("unknown field " + field);
            case FIXED_64 -> advance(Long.BYTES, "unknown field " + field);
            case FIXED_32 -> advance(Integer.BYTES, "unknown field " + field);
            case LENGTH -> advance(length("unknown field " + field), "unknown field " + field);
            default -> throw error(tagAt, "wire type of field " + field + ": " + wireType, "0, 1, 2 or 5");
        }
    }

    ExpositionException error(int at, String problem, String expected) {
        return ExpositionException.atByte(
                at - start, (context + problem).replaceAll("\\p{Cntrl}", "?") + " (expected: " + expected + ")");
    }

    private void require(int expectedType, String what) throws ExpositionException {
        if (wireType != expectedType) {
            throw error(tagAt, "wire type of " + what + ": " + wireType, Integer.toString(expectedType));
        }
    }

    private int length(String what) throws ExpositionException {
        int at = pos;
        long length = varint("length of " + what);
        if (length < 0 || length > end - pos) {
            throw error(
                    at,
                    "length of " + what + ": " + Long.toUnsignedString(length),
                    "at most the " + (end - pos) + " bytes that are left");
        }
        return (int) length;
    }

    private int advance(int size, String what) throws ExpositionException {
        if (size > end - pos) {
            throw error(pos, "end within " + what, size + " bytes, " + (end - pos) + " are left");
        }
        int at = pos;
        pos += size;
        return at;
    }

    private long varint(String what) throws ExpositionException {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            if (pos == end) {
                throw error(pos, "end within " + what, "a varint that is complete");
            }
            byte b = bytes[pos++];
            value |= (b & 0x7fL) << (7 * i);
            if (b >= 0) {
                if (i == MAX_VARINT_BYTES - 1 && b > 1) {
                    break;
                }
                return value;
            }
        }
        throw error(pos - 1, "varint of " + what + ": more than 64 bits", "at most 64 bits");
    }

    private static long zigZag(long encoded) {
        return (encoded >>> 1) ^ -(encoded & 1);
    }
}

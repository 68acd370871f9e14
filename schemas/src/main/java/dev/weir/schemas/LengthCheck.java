package dev.weir.schemas;

import org.apache.avro.Schema;

/**
 * Walks an encoded record and holds every length and count that it names against the bytes that are there, without
 * keeping anything. Avro's own decoder allocates what a length asks for before it looks whether the bytes exist, so that
 * a record of twenty bytes could take all memory and end the process.
 */
final class LengthCheck {
    private static final int MAX_VARINT_BYTES = 10;

    private final byte[] bytes;
    private int position;

    private LengthCheck(byte[] bytes, int position) {
        this.bytes = bytes;
        this.position = position;
    }

    /**
     * Does nothing if a record of {@code schema}, which is not recursive, lies whole in {@code bytes} from {@code offset}
     * on.
     *
     * @throws UndecodableRecordException naming the field whose bytes are not there
     */
    static void check(Schema schema, byte[] bytes, int offset) throws UndecodableRecordException {
        new LengthCheck(bytes, offset).skip(schema, schema.getName());
    }

    private void skip(Schema schema, String field) throws UndecodableRecordException {
        switch (schema.getType()) {
            case NULL -> {}
            case BOOLEAN -> skipBytes(1, field);
            case INT, LONG, ENUM -> readLong(field);
            case FLOAT -> skipBytes(Float.BYTES, field);
            case DOUBLE -> skipBytes(Double.BYTES, field);
            case STRING, BYTES -> skipBytes(readLong(field), field);
            case FIXED -> skipBytes(schema.getFixedSize(), field);
            case UNION -> skipBranch(schema, field);
            case ARRAY -> skipBlocks(schema.getElementType(), false, field);
            case MAP -> skipBlocks(schema.getValueType(), true, field);
            case RECORD -> {
                for (Schema.Field one : schema.getFields()) {
                    skip(one.schema(), one.name());
                }
            }
        }
    }

    private void skipBranch(Schema union, String field) throws UndecodableRecordException {
        long branch = readLong(field);
        int branches = union.getTypes().size();
        if (branch < 0 || branch >= branches) {
            throw new UndecodableRecordException(
                    "field " + field + ": union branch " + branch + " (expected: 0 to " + (branches - 1) + ")");
        }
        skip(union.getTypes().get((int) branch), field);
    }

    /** A negative count is followed by the block's size in bytes, which is not believed. */
    private void skipBlocks(Schema item, boolean keyed, String field) throws UndecodableRecordException {
        for (long count = readLong(field); count != 0; count = readLong(field)) {
            if (count < 0) {
                readLong(field);
            }
            long items = Math.abs(count);
            // Every item takes at least one byte in any schema of this module.
            if (items < 0 || items > bytes.length - position) {
                throw new UndecodableRecordException("field " + field + ": " + count + " items (expected: at most the "
                        + (bytes.length - position) + " bytes that are left)");
            }
            for (long i = 0; i < items; i++) {
                if (keyed) {
                    skipBytes(readLong(field), field);
                }
                skip(item, field);
            }
        }
    }

    private void skipBytes(long length, String field) throws UndecodableRecordException {
        int left = bytes.length - position;
        if (length < 0 || length > left) {
            throw new UndecodableRecordException("field " + field + ": length " + length
                    + " bytes (expected: at most the " + left + " that are left)");
        }
        position += (int) length;
    }

    /** A zigzag varint. */
    private long readLong(String field) throws UndecodableRecordException {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            if (position == bytes.length) {
                throw new UndecodableRecordException("field " + field + ": the record ends within it");
            }
            byte next = bytes[position++];
            value |= (next & 0x7FL) << (7 * i);
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new UndecodableRecordException(
                "field " + field + ": a number of more than " + MAX_VARINT_BYTES + " bytes (expected: a varint)");
    }
}

package dev.weir.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes one event type in Avro's single-object encoding: the bytes {@code C3 01}, the little-endian 64-bit
 * Rabin fingerprint of the writer's schema, then the record (Avro specification, "Single-object encoding").
 *
 * <p>Every released version of the schema is read. Not safe for use by several threads.
 */
public final class EventCodec<T extends SpecificRecord> {
    /** Bytes before the record itself: two of magic, eight of fingerprint. */
    public static final int HEADER_BYTES = 10;

    private static final int MAGIC_0 = 0xC3;
    private static final int MAGIC_1 = 0x01;

    private final String name;
    private final long fingerprint;
    private final Map<Long, SpecificDatumReader<T>> readers = new HashMap<>();
    private final SpecificDatumWriter<T> writer;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);
    private @Nullable BinaryDecoder decoder;
    private @Nullable BinaryEncoder encoder;

    /** The codec of {@code type}, a class generated from a schema of this module. */
    public EventCodec(Class<T> type) {
        Schema present = SpecificData.get().getSchema(type);
        this.name = present.getName();
        this.fingerprint = SchemaNormalization.parsingFingerprint64(present);
        this.writer = new SpecificDatumWriter<>(present);
        for (Schema version : SchemaHistory.of(present)) {
            readers.put(SchemaNormalization.parsingFingerprint64(version), new SpecificDatumReader<>(version, present));
        }
    }

    /**
     * The schema fingerprint that the record names; false certainty about its body.
     *
     * @throws UndecodableRecordException if the record has no single-object header
     */
    public static long fingerprintOf(byte[] bytes) throws UndecodableRecordException {
        if (bytes.length < HEADER_BYTES || (bytes[0] & 0xFF) != MAGIC_0 || (bytes[1] & 0xFF) != MAGIC_1) {
            throw new UndecodableRecordException("no single-object header in " + bytes.length
                    + " bytes (expected: C3 01, then an 8-byte schema fingerprint)");
        }
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | (bytes[2 + i] & 0xFF);
        }
        return value;
    }

    /** Whether the fingerprint is that of some version of this event. */
    public boolean reads(long schemaFingerprint) {
        return readers.containsKey(schemaFingerprint);
    }

    /** The event in single-object encoding. */
    public byte[] encode(T event) {
        buffer.reset();
        buffer.write(MAGIC_0);
        buffer.write(MAGIC_1);
        for (int i = 0; i < 8; i++) {
            buffer.write((int) (fingerprint >>> (8 * i)));
        }
        try {
            encoder = EncoderFactory.get().binaryEncoder(buffer, encoder);
            writer.write(event, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new AvroRuntimeException("cannot encode a " + name, e);
        }
        return buffer.toByteArray();
    }

    /**
     * The event in {@code bytes}.
     *
     * @throws UndecodableRecordException if the header is missing, names an unknown schema, or the body does not fit it
     */
    public T decode(byte[] bytes) throws UndecodableRecordException {
        return decode(bytes, null);
    }

    /**
     * As {@link #decode(byte[])}, into an earlier event that nobody needs any more: its byte arrays are used again, so that
     * large bodies cost a copy only.
     *
     * @param former an event of this codec, whose content is undefined afterwards, even if decoding fails
     */
    public T decode(byte[] bytes, @Nullable T former) throws UndecodableRecordException {
        long writerFingerprint = fingerprintOf(bytes);
        SpecificDatumReader<T> reader = readers.get(writerFingerprint);
        if (reader == null) {
            throw new UndecodableRecordException(String.format(
                    "schema fingerprint %016x (expected: a version of %s, the newest is %016x)",
                    writerFingerprint, name, fingerprint));
        }
        try {
            LengthCheck.check(reader.getSchema(), bytes, HEADER_BYTES);
        } catch (UndecodableRecordException e) {
            throw new UndecodableRecordException(name + ": damaged body: " + e.getMessage(), e);
        }
        try {
            decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, decoder);
            @SuppressWarnings("NullAway") // Avro takes null for "no object to reuse".
            T event = reader.read(former, decoder);
            if (!decoder.isEnd()) {
                throw new UndecodableRecordException(name + ": bytes left over after the record");
            }
            return event;
        } catch (IOException | RuntimeException e) {
            // Avro answers damaged bytes with many exception types.
            throw new UndecodableRecordException(name + ": damaged body: " + e, e);
        }
    }
}

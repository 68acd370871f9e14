package dev.weir.queryserver.store.block;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.queryserver.encoding.ByteReader;
import dev.weir.queryserver.encoding.ByteWriter;
import dev.weir.queryserver.encoding.HistogramCodec;
import dev.weir.queryserver.store.chunk.FloatAppender;
import dev.weir.queryserver.store.chunk.FloatChunk;
import dev.weir.series.FloatHistogram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Samples to the chunks of a block and back, exact to the bit. The first byte says how the rest is to be read:
 *
 * <pre>
 * 1  floats: count, then the bytes of a {@link FloatChunk}
 * 2  native histograms: count, length, then deflated: time as difference to the one before, histogram ({@link HistogramCodec})
 * </pre>
 */
final class ChunkCodec {
    /** What is decoded at once for the sake of one sample. */
    static final int MAX_FLOATS = 480;

    static final int MAX_HISTOGRAMS = 120;

    private static final int FLOATS = 1;
    private static final int HISTOGRAMS = 2;
    private static final long[] NO_TAIL = {};

    private ChunkCodec() {}

    static boolean isFloats(StoredChunk chunk) {
        return chunk.bytes()[0] == FLOATS;
    }

    static int count(byte[] chunk) {
        ByteReader in = new ByteReader(chunk);
        in.readByte();
        return (int) in.readUnsigned();
    }

    /** Adds the chunks of all samples in their order. */
    static void encode(SampleColumns samples, List<StoredChunk> into) {
        int from = 0;
        while (from < samples.size()) {
            boolean areHistograms = samples.histogram(from) != null;
            int max = areHistograms ? MAX_HISTOGRAMS : MAX_FLOATS;
            int to = from + 1;
            while (to < samples.size() && to - from < max && (samples.histogram(to) != null) == areHistograms) {
                to++;
            }
            byte[] bytes = areHistograms ? histograms(samples, from, to) : floats(samples, from, to);
            into.add(new StoredChunk(bytes, to - from, samples.timestampMs(from), samples.timestampMs(to - 1)));
            from = to;
        }
    }

    /**
     * Appends the samples with {@code fromMs <= t <= toMs}.
     *
     * @throws IOException if the bytes are no chunk
     */
    static void decode(byte[] bytes, long fromMs, long toMs, SampleColumns into) throws IOException {
        try {
            ByteReader in = new ByteReader(bytes);
            int kind = in.readByte();
            int count = (int) in.readUnsigned();
            if (kind == FLOATS) {
                byte[] packed = in.readRest();
                new FloatChunk(packed, count, NO_TAIL, count, Long.MIN_VALUE, Long.MAX_VALUE).read(fromMs, toMs, into);
            } else if (kind == HISTOGRAMS) {
                readHistograms(in, count, fromMs, toMs, into);
            } else {
                throw new IOException("chunk of kind " + kind + " (expected: 1 or 2)");
            }
        } catch (IllegalStateException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | DataFormatException e) {
            throw new IOException("chunk of " + bytes.length + " bytes: " + e.getMessage(), e);
        }
    }

    private static byte[] floats(SampleColumns samples, int from, int to) {
        FloatAppender appender = new FloatAppender();
        for (int i = from; i < to; i++) {
            appender.append(samples.timestampMs(i), samples.value(i));
        }
        byte[] packed = appender.sealed().bytes();
        ByteWriter out = new ByteWriter(packed.length + 4);
        out.writeByte(FLOATS);
        out.writeUnsigned(to - from);
        out.writeBytes(packed, packed.length);
        return out.toByteArray();
    }

    private static byte[] histograms(SampleColumns samples, int from, int to) {
        ByteWriter plain = new ByteWriter(4096);
        long beforeMs = 0;
        for (int i = from; i < to; i++) {
            FloatHistogram histogram = samples.histogram(i);
            if (histogram == null) {
                throw new IllegalArgumentException("sample " + i + " is a float (expected: a histogram)");
            }
            plain.writeSigned(samples.timestampMs(i) - beforeMs);
            beforeMs = samples.timestampMs(i);
            HistogramCodec.write(histogram, plain);
        }
        ByteWriter out = new ByteWriter(plain.size() / 2 + 16);
        out.writeByte(HISTOGRAMS);
        out.writeUnsigned(to - from);
        out.writeUnsigned(plain.size());
        byte[] deflated = deflate(plain);
        out.writeBytes(deflated, deflated.length);
        return out.toByteArray();
    }

    private static void readHistograms(ByteReader in, int count, long fromMs, long toMs, SampleColumns into)
            throws DataFormatException {
        byte[] plain = new byte[(int) in.readUnsigned()];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(in.readRest());
            int done = inflater.inflate(plain);
            if (done != plain.length) {
                throw new DataFormatException(done + " bytes inflated (expected: " + plain.length + ")");
            }
        } finally {
            inflater.end();
        }
        ByteReader reader = new ByteReader(plain);
        long timestampMs = 0;
        for (int i = 0; i < count; i++) {
            timestampMs += reader.readSigned();
            if (timestampMs > toMs) {
                return;
            }
            FloatHistogram histogram = HistogramCodec.read(reader);
            if (timestampMs >= fromMs) {
                into.add(timestampMs, histogram);
            }
        }
    }

    private static byte[] deflate(ByteWriter plain) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(plain.bytes(), 0, plain.size());
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(plain.size() / 2 + 16);
            byte[] part = new byte[8192];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }
}

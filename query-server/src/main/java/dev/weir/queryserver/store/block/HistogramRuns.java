package dev.weir.queryserver.store.block;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.queryserver.encoding.ByteReader;
import dev.weir.queryserver.encoding.ByteWriter;
import dev.weir.queryserver.encoding.HistogramCodec;
import dev.weir.series.FloatHistogram;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Native histograms of one series in bytes: their count, the length of what follows, and deflated for each its time as
 * difference to the one before and what {@link HistogramCodec} makes of it.
 */
final class HistogramRuns {
    /** What is decoded at once for the sake of one. */
    static final int MAX_HISTOGRAMS = 120;

    private HistogramRuns() {}

    /** The histograms {@code from} to {@code to}, exclusive. */
    static byte[] encode(SampleColumns samples, int from, int to) {
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
        out.writeUnsigned(to - from);
        out.writeUnsigned(plain.size());
        byte[] deflated = deflate(plain);
        out.writeBytes(deflated, deflated.length);
        return out.toByteArray();
    }

    /**
     * Appends the histograms with {@code fromMs <= t <= toMs}.
     *
     * @throws IllegalStateException if the bytes are none
     */
    static void decode(byte[] bytes, long fromMs, long toMs, SampleColumns into) {
        ByteReader in = new ByteReader(bytes);
        int count = (int) in.readUnsigned();
        int length = (int) in.readUnsigned();
        ByteReader reader = new ByteReader(inflate(in.readRest(), length));
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

    private static byte[] inflate(byte[] deflated, int length) {
        byte[] plain = new byte[length];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(deflated);
            int done = inflater.inflate(plain);
            if (done != length) {
                throw new IllegalStateException("histograms of " + done + " bytes (expected: " + length + ")");
            }
            return plain;
        } catch (DataFormatException e) {
            throw new IllegalStateException("histograms cannot be inflated: " + e.getMessage(), e);
        } finally {
            inflater.end();
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

package dev.weir.queryserver.store;

import dev.weir.queryserver.encoding.ByteReader;
import dev.weir.queryserver.encoding.ByteWriter;
import dev.weir.queryserver.encoding.HistogramCodec;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/**
 * A log record's payload, snappy block around:
 *
 * <pre>
 * version 1, then
 * definitions: count, each: id, project, label count, names and values
 * metadata:    count, each: scope, family, type, help, unit
 * samples:     count of series, each: id as difference to the one before, 2 * samples (+ 1 if any is a histogram),
 *              each sample: time as difference to the one before in the record, [0 float | 1 histogram], value
 * </pre>
 *
 * The first two records that use a series define it, so that damage to one record costs no samples of others. Once all is in
 * blocks, the segments go and definitions start anew.
 */
final class RecordCodec {
    private static final int VERSION = 1;

    private final ByteWriter definitions = new ByteWriter(1024);
    private final ByteWriter samples = new ByteWriter(16 * 1024);
    private final ByteWriter metadata = new ByteWriter(256);
    private int definitionCount;
    private int seriesCount;
    private int metadataCount;
    private long previousId;
    private long previousTimestampMs;

    /** Takes the parts of a record in their order. */
    interface Visitor {
        /** Whether a definition of this series is of no more use. */
        boolean isDefined(long id);

        void define(long id, String project, Labels labels);

        void metadata(MetricMetadata metadata);

        void sample(long id, long timestampMs, double value, @Nullable FloatHistogram histogram);
    }

    void define(MemorySeries series) {
        definitionCount++;
        definitions.writeUnsigned(series.id());
        definitions.writeString(series.project());
        definitions.writeUnsigned(series.labels().size());
        series.labels().forEach((name, value) -> {
            definitions.writeString(name);
            definitions.writeString(value);
        });
    }

    void add(MetricMetadata one) {
        metadataCount++;
        for (String text : List.of(one.scope(), one.family(), one.type(), one.help(), one.unit())) {
            metadata.writeString(text);
        }
    }

    /** Adds the samples {@code from} to {@code to} (exclusive), at least one. */
    void add(long id, SampleList list, int from, int to) {
        seriesCount++;
        samples.writeSigned(id - previousId);
        previousId = id;
        boolean hasHistograms = false;
        for (int i = from; i < to; i++) {
            hasHistograms |= list.histogram(i) != null;
        }
        samples.writeUnsigned((to - from) * 2L + (hasHistograms ? 1 : 0));
        for (int i = from; i < to; i++) {
            samples.writeSigned(list.timestampMs(i) - previousTimestampMs);
            previousTimestampMs = list.timestampMs(i);
            FloatHistogram histogram = list.histogram(i);
            if (hasHistograms) {
                samples.writeByte(histogram == null ? 0 : 1);
            }
            if (histogram == null) {
                samples.writeDouble(list.value(i));
            } else {
                HistogramCodec.write(histogram, samples);
            }
        }
    }

    boolean isEmpty() {
        return definitionCount == 0 && seriesCount == 0 && metadataCount == 0;
    }

    /** The record, and begins the next. */
    byte[] finish() {
        ByteWriter all = new ByteWriter(definitions.size() + metadata.size() + samples.size() + 32);
        all.writeByte(VERSION);
        all.writeUnsigned(definitionCount);
        all.writeBytes(definitions);
        all.writeUnsigned(metadataCount);
        all.writeBytes(metadata);
        all.writeUnsigned(seriesCount);
        all.writeBytes(samples);
        reset();
        return compressed(all);
    }

    /** Forgets what was added since the last {@link #finish}. */
    void reset() {
        definitions.clear();
        metadata.clear();
        samples.clear();
        definitionCount = 0;
        metadataCount = 0;
        seriesCount = 0;
        previousId = 0;
        previousTimestampMs = 0;
    }

    /** @throws IOException if the payload is no record */
    static void read(byte[] payload, Visitor visitor) throws IOException {
        try {
            read(new ByteReader(Snappy.uncompress(payload)), visitor);
        } catch (IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("log record of " + payload.length + " bytes: " + e.getMessage(), e);
        }
    }

    private static void read(ByteReader in, Visitor visitor) {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IllegalStateException("version " + version + " (expected: " + VERSION + ")");
        }
        for (int i = in.readCount(); i > 0; i--) {
            readDefinition(in, visitor);
        }
        for (int i = in.readCount(); i > 0; i--) {
            visitor.metadata(new MetricMetadata(
                    in.readString(), in.readString(), in.readString(), in.readString(), in.readString()));
        }
        readSamples(in, visitor);
    }

    private static void readDefinition(ByteReader in, Visitor visitor) {
        long id = in.readUnsigned();
        if (visitor.isDefined(id)) {
            in.skipString();
            for (int texts = 2 * in.readCount(); texts > 0; texts--) {
                in.skipString();
            }
            return;
        }
        String project = in.readString();
        String[] pairs = new String[2 * in.readCount()];
        for (int k = 0; k < pairs.length; k++) {
            pairs[k] = in.readString();
        }
        visitor.define(id, project, Labels.ofSorted(pairs));
    }

    private static void readSamples(ByteReader in, Visitor visitor) {
        long id = 0;
        long timestampMs = 0;
        for (int i = in.readCount(); i > 0; i--) {
            id += in.readSigned();
            long header = in.readUnsigned();
            for (long k = header >>> 1; k > 0; k--) {
                timestampMs += in.readSigned();
                boolean isHistogram = (header & 1) == 1 && in.readByte() == 1;
                FloatHistogram histogram = isHistogram ? HistogramCodec.read(in) : null;
                visitor.sample(id, timestampMs, isHistogram ? 0 : in.readDouble(), histogram);
            }
        }
    }

    private static byte[] compressed(ByteWriter bytes) {
        try {
            byte[] out = new byte[Snappy.maxCompressedLength(bytes.size())];
            int length = Snappy.compress(bytes.bytes(), 0, bytes.size(), out, 0);
            return Arrays.copyOf(out, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.weir.queryserver.store;

import dev.weir.queryserver.encoding.ByteWriter;
import dev.weir.queryserver.encoding.HistogramCodec;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.xerial.snappy.Snappy;

/**
 * Writes a log record's payload, which {@link RecordReader} reads, a snappy block around:
 *
 * <pre>
 * version 2, then
 * definitions: count, each: id as difference to the one before, label count, project, names and values, these as
 *              {@link RepeatedTexts}
 * metadata:    count, each: scope, family, type, help, unit
 * samples:     count of series, each: id as difference to the one before, 2 * samples (+ 1 if any is a histogram),
 *              each sample: time as difference to the one before in the record, [0 float | 1 histogram], value
 * </pre>
 *
 * The first two records that use a series define it, so that damage to one record costs no samples of others. Once all is in
 * blocks, the segments go and definitions start anew.
 */
final class RecordCodec {
    static final int VERSION = 2;

    private final ByteWriter definitions = new ByteWriter(1024);
    private final ByteWriter samples = new ByteWriter(16 * 1024);
    private final ByteWriter metadata = new ByteWriter(256);
    private final RepeatedTexts texts = new RepeatedTexts();
    private int definitionCount;
    private int seriesCount;
    private int metadataCount;
    private long previousDefinition;
    private long previousId;
    private long previousTimestampMs;

    void define(MemorySeries series) {
        definitionCount++;
        definitions.writeSigned(series.id() - previousDefinition);
        previousDefinition = series.id();
        Labels labels = series.labels();
        definitions.writeUnsigned(labels.size());
        texts.write(0, series.project(), definitions);
        for (int i = 0; i < labels.size(); i++) {
            texts.write(2 * i + 1, labels.name(i), definitions);
            texts.write(2 * i + 2, labels.value(i), definitions);
        }
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
        texts.clear();
        definitionCount = 0;
        metadataCount = 0;
        seriesCount = 0;
        previousDefinition = 0;
        previousId = 0;
        previousTimestampMs = 0;
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

package dev.weir.schemas;

import com.google.protobuf.CodedOutputStream;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.MetricMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Builds one remote-write 1.0 request series by series, without an object per series: the labels of a series are encoded
 * once ({@link #labels}) and written again and again. Concatenated requests are one request of all their series. Not safe
 * for use by several threads.
 */
public final class WriteRequestEncoder {
    private static final int TIMESERIES_TAG = 1 << 3 | 2;
    private static final int METADATA_TAG = 3 << 3 | 2;
    private static final int SAMPLE_TAG = 2 << 3 | 2;
    private static final int HISTOGRAM_FIELD = 4;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * 1024);
    private CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    private int seriesCount;
    private int metadataCount;

    /** The labels' part of a TimeSeries message; {@code labels} in the order in which they shall stand. */
    public static byte[] labels(Map<String, String> labels) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream(256);
        CodedOutputStream out = CodedOutputStream.newInstance(encoded);
        try {
            for (Map.Entry<String, String> label : labels.entrySet()) {
                byte[] name = label.getKey().getBytes(StandardCharsets.UTF_8);
                byte[] value = label.getValue().getBytes(StandardCharsets.UTF_8);
                out.writeUInt32NoTag(1 << 3 | 2);
                out.writeUInt32NoTag(CodedOutputStream.computeByteArraySize(1, name)
                        + CodedOutputStream.computeByteArraySize(2, value));
                out.writeByteArray(1, name);
                out.writeByteArray(2, value);
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return encoded.toByteArray();
    }

    /** Adds a series of one sample. */
    public void add(byte[] labels, long timestampMs, double value) {
        int sampleSize = sampleSize(timestampMs, value);
        try {
            startSeries(labels, CodedOutputStream.computeUInt32SizeNoTag(sampleSize) + 1 + sampleSize);
            writeSample(sampleSize, timestampMs, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a series of two samples, the earlier first. */
    public void add(byte[] labels, long timestampMs, double value, long laterMs, double laterValue) {
        int first = sampleSize(timestampMs, value);
        int second = sampleSize(laterMs, laterValue);
        try {
            startSeries(
                    labels,
                    CodedOutputStream.computeUInt32SizeNoTag(first)
                            + CodedOutputStream.computeUInt32SizeNoTag(second)
                            + 2
                            + first
                            + second);
            writeSample(first, timestampMs, value);
            writeSample(second, laterMs, laterValue);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a series of native histograms, the earlier first. */
    public void addHistograms(byte[] labels, Histogram... points) {
        int size = 0;
        for (Histogram point : points) {
            size += CodedOutputStream.computeMessageSize(HISTOGRAM_FIELD, point);
        }
        try {
            startSeries(labels, size);
            for (Histogram point : points) {
                out.writeMessage(HISTOGRAM_FIELD, point);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void addMetadata(List<MetricMetadata> metadata) {
        try {
            for (MetricMetadata family : metadata) {
                out.writeUInt32NoTag(METADATA_TAG);
                out.writeUInt32NoTag(family.getSerializedSize());
                family.writeTo(out);
                metadataCount++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isEmpty() {
        return seriesCount == 0 && metadataCount == 0;
    }

    /** Bytes so far. */
    public int sizeBytes() {
        return out.getTotalBytesWritten();
    }

    /** The request so far; the encoder is empty again. */
    public byte[] drain() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] request = bytes.toByteArray();
        bytes.reset();
        out = CodedOutputStream.newInstance(bytes);
        seriesCount = 0;
        metadataCount = 0;
        return request;
    }

    private void startSeries(byte[] labels, int samplesSize) throws IOException {
        out.writeUInt32NoTag(TIMESERIES_TAG);
        out.writeUInt32NoTag(labels.length + samplesSize);
        out.writeRawBytes(labels);
        seriesCount++;
    }

    private void writeSample(int size, long timestampMs, double value) throws IOException {
        out.writeUInt32NoTag(SAMPLE_TAG);
        out.writeUInt32NoTag(size);
        if (Double.doubleToRawLongBits(value) != 0) {
            out.writeDouble(1, value);
        }
        if (timestampMs != 0) {
            out.writeInt64(2, timestampMs);
        }
    }

    private static int sampleSize(long timestampMs, double value) {
        return (Double.doubleToRawLongBits(value) != 0 ? CodedOutputStream.computeDoubleSize(1, value) : 0)
                + (timestampMs != 0 ? CodedOutputStream.computeInt64Size(2, timestampMs) : 0);
    }
}

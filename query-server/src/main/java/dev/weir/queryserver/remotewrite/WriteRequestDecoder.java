package dev.weir.queryserver.remotewrite;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.weir.queryserver.remotewrite.InvalidWriteException.Reason;
import dev.weir.queryserver.store.MetricMetadata;
import dev.weir.queryserver.store.SeriesReference;
import dev.weir.queryserver.store.WriteBatch;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads a remote-write 1.0 request field by field, so that what a request may cost is known before it is spent: messages of
 * two bytes each do not become objects of a hundred. One instance per request.
 */
public final class WriteRequestDecoder {
    /** The project of a series that names none. */
    public static final String DEFAULT_PROJECT = "default";

    /** The label that names a series' project where the request does not. */
    public static final String PROJECT_LABEL = "project_id";

    private static final int LENGTH_DELIMITED = WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private static final int LABELS_TAG = TimeSeries.LABELS_FIELD_NUMBER << 3 | LENGTH_DELIMITED;

    /** Of the last byte of a size that is looked at: none here needs more than three. */
    private static final int MAX_SIZE_SHIFT = 14;

    private final byte[] bytes;
    private final int length;
    private final WriteLimits limits;
    private final @Nullable String project;
    private final KnownSeries.Lookup known;
    private final LabelHash hash;
    private final WriteBatch.Builder batch = new WriteBatch.Builder();
    private final SampleCollector samples;
    private final List<MetricMetadata> metadata = new ArrayList<>();
    private int sampleCount;

    /** @param project the project of every series; null if each names its own */
    private WriteRequestDecoder(
            SnappyBlock.Content content, WriteLimits limits, @Nullable String project, KnownSeries.Lookup known) {
        this.bytes = content.bytes();
        this.length = content.length();
        this.limits = limits;
        this.project = project;
        this.known = known;
        this.hash = new LabelHash(project);
        this.samples = new SampleCollector(limits, batch);
    }

    /**
     * Reads a snappy-compressed request.
     *
     * @param project the project of every series; null if each names its own
     * @param known what earlier requests named, under the same limits
     */
    static WriteBatch decode(
            byte[] body, WriteLimits limits, @Nullable String project, KnownSeries.Lookup known, DecodeBuffers buffers)
            throws InvalidWriteException {
        SnappyBlock.Content content = SnappyBlock.decompress(body, limits.maxDecodedBytes(), buffers);
        WriteRequestDecoder decoder = new WriteRequestDecoder(content, limits, project, known);
        try {
            decoder.readRequest(CodedInputStream.newInstance(content.bytes(), 0, content.length()));
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidWriteException(
                    Reason.ENCODING,
                    "request body is no prometheus.WriteRequest: series " + decoder.batch.seriesCount() + ": "
                            + e.getMessage());
        } catch (IOException e) {
            throw new InvalidWriteException(
                    Reason.ENCODING, "request body is no prometheus.WriteRequest: " + e.getMessage());
        } finally {
            buffers.giveBack(content.bytes());
        }
        return decoder.batch.build(decoder.metadata);
    }

    private void readRequest(CodedInputStream in) throws IOException, InvalidWriteException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            if (WireFormat.getTagWireType(tag) != LENGTH_DELIMITED) {
                in.skipField(tag);
            } else if (field == WriteRequest.TIMESERIES_FIELD_NUMBER) {
                int seriesBytes = in.readRawVarint32();
                int outer = in.pushLimit(seriesBytes);
                readSeries(in, seriesBytes);
                in.popLimit(outer);
            } else if (field == WriteRequest.METADATA_FIELD_NUMBER) {
                int outer = in.pushLimit(in.readRawVarint32());
                readMetadata(dev.weir.schemas.remotewrite.MetricMetadata.parseFrom(in));
                in.popLimit(outer);
            } else {
                in.skipField(tag);
            }
        }
    }

    private void readSeries(CodedInputStream in, int seriesBytes) throws IOException, InvalidWriteException {
        int from = in.getTotalBytesRead();
        int labelsEnd = endOfLabels(from, from + seriesBytes);
        if (labelsEnd == from) {
            known.skip();
            readUnknown(in);
            return;
        }
        hash.of(bytes, from, labelsEnd);
        SeriesReference series = known.find(hash);
        if (series == null) {
            readUnknown(in);
            return;
        }
        in.skipRawBytes(labelsEnd - from);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            readSamples(in, tag);
        }
        samples.end(series, 0);
    }

    /**
     * Where the labels of a series end that stand together at its begin, as all senders write them; {@code from} if they do
     * not, and where the bytes are no series.
     */
    private int endOfLabels(int from, int to) {
        if (to > length) {
            return from;
        }
        int labelsEnd = from;
        int at = from;
        while (at < to) {
            int fieldFrom = at;
            int tag = bytes[at++];
            int size = 0;
            int next = -1;
            for (int shift = 0; next < 0; shift += 7) {
                if (at == to || shift > MAX_SIZE_SHIFT) {
                    return from;
                }
                next = bytes[at++];
                size |= (next & 0x7f) << shift;
            }
            boolean isLabel = tag == LABELS_TAG;
            boolean isMessage = tag > 0 && (tag & 7) == LENGTH_DELIMITED;
            if (!isMessage || size > to - at || (isLabel && fieldFrom != labelsEnd)) {
                return from;
            }
            at += size;
            if (isLabel) {
                labelsEnd = at;
            }
        }
        return labelsEnd;
    }

    private void readUnknown(CodedInputStream in) throws IOException, InvalidWriteException {
        LabelCollector labels = new LabelCollector(limits, batch.seriesCount());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            boolean isMessage = WireFormat.getTagWireType(tag) == LENGTH_DELIMITED;
            if (isMessage && field == TimeSeries.LABELS_FIELD_NUMBER) {
                int outer = in.pushLimit(in.readRawVarint32());
                labels.read(in);
                in.popLimit(outer);
            } else {
                readSamples(in, tag);
            }
        }
        Labels built = labels.build();
        samples.end(SeriesReference.of(projectOf(built, project), built), 0);
    }

    /** Reads a field of a series that is no label. */
    private void readSamples(CodedInputStream in, int tag) throws IOException, InvalidWriteException {
        int field = WireFormat.getTagFieldNumber(tag);
        boolean isMessage = WireFormat.getTagWireType(tag) == LENGTH_DELIMITED;
        if (isMessage && field == TimeSeries.SAMPLES_FIELD_NUMBER) {
            countSample();
            samples.readSample(in);
        } else if (isMessage && field == TimeSeries.HISTOGRAMS_FIELD_NUMBER) {
            countSample();
            samples.readHistogram(in);
        } else {
            in.skipField(tag);
        }
    }

    private void readMetadata(dev.weir.schemas.remotewrite.MetricMetadata message) throws InvalidWriteException {
        if (message.getMetricFamilyName().isEmpty()) {
            throw new InvalidWriteException(
                    Reason.LABELS, "metadata " + metadata.size() + ": no metric family name (expected: one)");
        }
        String type = message.getType().name().toLowerCase(Locale.ROOT);
        metadata.add(new MetricMetadata(
                project == null ? MetricMetadata.SHARED : project,
                message.getMetricFamilyName(),
                type.equals("unrecognized") ? "unknown" : type,
                message.getHelp(),
                message.getUnit()));
    }

    /** @param project the request's; null if each series names its own */
    static String projectOf(Labels labels, @Nullable String project) {
        if (project != null) {
            return project;
        }
        String named = labels.get(PROJECT_LABEL);
        return named == null ? DEFAULT_PROJECT : named;
    }

    private void countSample() throws InvalidWriteException {
        if (++sampleCount > limits.maxSamples()) {
            throw new InvalidWriteException(
                    Reason.TOO_LARGE,
                    "write request: more samples than allowed (expected: at most maxSamples = " + limits.maxSamples()
                            + ")");
        }
    }
}

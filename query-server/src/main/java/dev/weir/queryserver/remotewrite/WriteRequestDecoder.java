package dev.weir.queryserver.remotewrite;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.weir.queryserver.remotewrite.InvalidWriteException.Reason;
import dev.weir.queryserver.store.MetricMetadata;
import dev.weir.queryserver.store.SeriesSamples;
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

    private final WriteLimits limits;
    private final @Nullable String project;
    private final List<SeriesSamples> series = new ArrayList<>();
    private final List<MetricMetadata> metadata = new ArrayList<>();
    private int sampleCount;

    /** @param project the project of every series; null if each names its own */
    private WriteRequestDecoder(WriteLimits limits, @Nullable String project) {
        this.limits = limits;
        this.project = project;
    }

    /** Reads a snappy-compressed request. */
    public static WriteBatch decode(byte[] body, WriteLimits limits, @Nullable String project)
            throws InvalidWriteException {
        byte[] bytes = SnappyBlock.decompress(body, limits.maxDecodedBytes());
        WriteRequestDecoder decoder = new WriteRequestDecoder(limits, project);
        try {
            decoder.readRequest(CodedInputStream.newInstance(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidWriteException(
                    Reason.ENCODING,
                    "request body is no prometheus.WriteRequest: series " + decoder.series.size() + ": "
                            + e.getMessage());
        } catch (IOException e) {
            throw new InvalidWriteException(
                    Reason.ENCODING, "request body is no prometheus.WriteRequest: " + e.getMessage());
        }
        return new WriteBatch(decoder.series, decoder.metadata);
    }

    private void readRequest(CodedInputStream in) throws IOException, InvalidWriteException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            if (WireFormat.getTagWireType(tag) != LENGTH_DELIMITED) {
                in.skipField(tag);
            } else if (field == WriteRequest.TIMESERIES_FIELD_NUMBER) {
                int outer = in.pushLimit(in.readRawVarint32());
                readSeries(in);
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

    private void readSeries(CodedInputStream in) throws IOException, InvalidWriteException {
        LabelCollector labels = new LabelCollector(limits, series.size());
        SampleCollector samples = new SampleCollector(limits, series.size());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            boolean isMessage = WireFormat.getTagWireType(tag) == LENGTH_DELIMITED;
            if (isMessage && field == TimeSeries.LABELS_FIELD_NUMBER) {
                int outer = in.pushLimit(in.readRawVarint32());
                labels.read(in);
                in.popLimit(outer);
            } else if (isMessage && field == TimeSeries.SAMPLES_FIELD_NUMBER) {
                countSample();
                samples.readSample(in);
            } else if (isMessage && field == TimeSeries.HISTOGRAMS_FIELD_NUMBER) {
                countSample();
                samples.readHistogram(in);
            } else {
                in.skipField(tag);
            }
        }
        Labels built = labels.build();
        series.add(new SeriesSamples(projectOf(built, project), built, samples.build()));
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

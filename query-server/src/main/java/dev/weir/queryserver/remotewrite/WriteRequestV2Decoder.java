package dev.weir.queryserver.remotewrite;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.weir.queryserver.remotewrite.InvalidWriteException.Reason;
import dev.weir.queryserver.store.MetricMetadata;
import dev.weir.queryserver.store.SeriesReference;
import dev.weir.queryserver.store.SeriesSamples;
import dev.weir.queryserver.store.WriteBatch;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import dev.weir.series.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a remote-write 2.0 request field by field, as {@link WriteRequestDecoder} does 1.0. What the store does not keep,
 * exemplars, is passed over. One instance per request.
 */
final class WriteRequestV2Decoder {
    private static final int LENGTH_DELIMITED = WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int VARINT = WireFormat.WIRETYPE_VARINT;
    private static final String TYPE_PREFIX = "METRIC_TYPE_";

    private final WriteLimits limits;
    private final @Nullable String project;
    private final SymbolTable symbols;
    private final List<SeriesSamples> series = new ArrayList<>();
    private final Set<MetricMetadata> metadata = new LinkedHashSet<>();
    private int sampleCount;
    private int histogramCount;

    /** A request read, and how many samples of each kind it holds. */
    record Decoded(WriteBatch batch, int floatCount, int histogramCount) {}

    private WriteRequestV2Decoder(WriteLimits limits, @Nullable String project, SymbolTable symbols) {
        this.limits = limits;
        this.project = project;
        this.symbols = symbols;
    }

    /**
     * Reads a snappy-compressed request.
     *
     * @param project the project of every series; null if each names its own
     */
    static Decoded decode(byte[] body, WriteLimits limits, @Nullable String project) throws InvalidWriteException {
        byte[] bytes = SnappyBlock.decompress(body, limits.maxDecodedBytes());
        int seriesIndex = 0;
        try {
            SymbolTable symbols = SymbolTable.read(CodedInputStream.newInstance(bytes));
            WriteRequestV2Decoder decoder = new WriteRequestV2Decoder(limits, project, symbols);
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (isMessage(tag, Request.TIMESERIES_FIELD_NUMBER)) {
                    int outer = in.pushLimit(in.readRawVarint32());
                    decoder.readSeries(in);
                    in.popLimit(outer);
                    seriesIndex++;
                } else {
                    in.skipField(tag);
                }
            }
            return new Decoded(
                    new WriteBatch(decoder.series, List.copyOf(decoder.metadata)),
                    decoder.sampleCount - decoder.histogramCount,
                    decoder.histogramCount);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidWriteException(
                    Reason.ENCODING,
                    "request body is no io.prometheus.write.v2.Request: series " + seriesIndex + ": " + e.getMessage());
        } catch (IOException e) {
            throw new InvalidWriteException(
                    Reason.ENCODING, "request body is no io.prometheus.write.v2.Request: " + e.getMessage());
        }
    }

    private void readSeries(CodedInputStream in) throws IOException, InvalidWriteException {
        ReferencedLabels labels = new ReferencedLabels();
        SampleCollector samples = new SampleCollector(limits, series.size());
        MetadataReferences said = null;
        long createdMs = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == TimeSeries.LABELS_REFS_FIELD_NUMBER) {
                labels.read(in, tag);
            } else if (isMessage(tag, TimeSeries.SAMPLES_FIELD_NUMBER)) {
                countSample();
                samples.readSample(in);
            } else if (isMessage(tag, TimeSeries.HISTOGRAMS_FIELD_NUMBER)) {
                countSample();
                samples.readHistogram(in);
            } else if (isMessage(tag, TimeSeries.METADATA_FIELD_NUMBER)) {
                int outer = in.pushLimit(in.readRawVarint32());
                said = MetadataReferences.read(in);
                in.popLimit(outer);
            } else if (tag == (TimeSeries.CREATED_TIMESTAMP_FIELD_NUMBER << 3 | VARINT)) {
                createdMs = in.readRawVarint64();
            } else {
                in.skipField(tag);
            }
        }
        Labels built = labels.build();
        histogramCount += samples.histogramCount();
        if (said != null && !said.isEmpty()) {
            addMetadata(said, built.metricName(), samples.histogramCount() > 0);
        }
        series.add(new SeriesSamples(
                new SeriesReference(WriteRequestDecoder.projectOf(built, project), built), samples.build(), createdMs));
    }

    private void addMetadata(MetadataReferences said, String metricName, boolean isNative)
            throws InvalidWriteException {
        Metadata.@Nullable MetricType known = Metadata.MetricType.forNumber(said.type);
        Metadata.MetricType type =
                known == null || known.getNumber() == 0 ? Metadata.MetricType.METRIC_TYPE_UNSPECIFIED : known;
        String text = type == Metadata.MetricType.METRIC_TYPE_UNSPECIFIED
                ? "unknown"
                : type.name().substring(TYPE_PREFIX.length()).toLowerCase(Locale.ROOT);
        metadata.add(new MetricMetadata(
                project == null ? MetricMetadata.SHARED : project,
                isNative ? metricName : family(metricName, type),
                text,
                symbols.text(said.help, series.size(), "help", limits.maxLabelValueBytes()),
                symbols.text(said.unit, series.size(), "unit", limits.maxLabelValueBytes())));
    }

    /** The family of a classic histogram's or summary's series, whose names its parts extend. */
    private static String family(String name, Metadata.MetricType type) {
        List<String> suffixes = switch (type) {
            case METRIC_TYPE_HISTOGRAM -> List.of("_bucket", "_count", "_sum");
            case METRIC_TYPE_GAUGEHISTOGRAM -> List.of("_bucket", "_gcount", "_gsum");
            case METRIC_TYPE_SUMMARY -> List.of("_count", "_sum");
            default -> List.of();
        };
        for (String suffix : suffixes) {
            if (name.endsWith(suffix) && name.length() > suffix.length()) {
                return name.substring(0, name.length() - suffix.length());
            }
        }
        return name;
    }

    /** A metadata message, whose texts are symbols. */
    private record MetadataReferences(int type, int help, int unit) {
        static MetadataReferences read(CodedInputStream in) throws IOException {
            int type = 0;
            int help = 0;
            int unit = 0;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int field = WireFormat.getTagFieldNumber(tag);
                boolean isNumber = WireFormat.getTagWireType(tag) == VARINT;
                if (isNumber && field == Metadata.TYPE_FIELD_NUMBER) {
                    type = in.readRawVarint32();
                } else if (isNumber && field == Metadata.HELP_REF_FIELD_NUMBER) {
                    help = in.readRawVarint32();
                } else if (isNumber && field == Metadata.UNIT_REF_FIELD_NUMBER) {
                    unit = in.readRawVarint32();
                } else {
                    in.skipField(tag);
                }
            }
            return new MetadataReferences(type, help, unit);
        }

        boolean isEmpty() {
            return type == 0 && help == 0 && unit == 0;
        }
    }

    /** Names and values in turn, packed or not. */
    private final class ReferencedLabels {
        private final LabelCollector labels = new LabelCollector(limits, series.size());
        private @Nullable String name;

        void read(CodedInputStream in, int tag) throws IOException, InvalidWriteException {
            int wireType = WireFormat.getTagWireType(tag);
            if (wireType == VARINT) {
                add(in.readRawVarint32());
            } else if (wireType == LENGTH_DELIMITED) {
                int outer = in.pushLimit(in.readRawVarint32());
                while (!in.isAtEnd()) {
                    add(in.readRawVarint32());
                }
                in.popLimit(outer);
            } else {
                in.skipField(tag);
            }
        }

        Labels build() throws InvalidWriteException {
            if (name != null) {
                throw new InvalidWriteException(
                        Reason.LABELS,
                        "series " + series.size() + ": label \"" + name
                                + "\" without a value (expected: labels_refs in pairs)");
            }
            return labels.build();
        }

        private void add(int reference) throws InvalidWriteException {
            if (name == null) {
                name = symbols.text(reference, series.size(), "label name", limits.maxLabelNameBytes());
                return;
            }
            labels.add(name, symbols.text(reference, series.size(), "label value", limits.maxLabelValueBytes()));
            name = null;
        }
    }

    private void countSample() throws InvalidWriteException {
        if (++sampleCount > limits.maxSamples()) {
            throw new InvalidWriteException(
                    Reason.TOO_LARGE,
                    "write request: more samples than allowed (expected: at most maxSamples = " + limits.maxSamples()
                            + ")");
        }
    }

    private static boolean isMessage(int tag, int field) {
        return tag == (field << 3 | LENGTH_DELIMITED);
    }
}

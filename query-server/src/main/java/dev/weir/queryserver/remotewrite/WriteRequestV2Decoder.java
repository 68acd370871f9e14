package dev.weir.queryserver.remotewrite;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.weir.queryserver.remotewrite.InvalidWriteException.Reason;
import dev.weir.queryserver.store.MetricMetadata;
import dev.weir.queryserver.store.SeriesReference;
import dev.weir.queryserver.store.WriteBatch;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import dev.weir.series.Labels;
import java.io.IOException;
import java.util.Arrays;
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
    private final KnownSeries.Lookup known;
    private final LabelHash hash;
    private final SymbolTable symbols;
    private final WriteBatch.Builder batch = new WriteBatch.Builder();
    private final SampleCollector samples;
    private final ReferencedLabels labels = new ReferencedLabels();
    private final Set<MetricMetadata> metadata = new LinkedHashSet<>();
    private int sampleCount;
    private int histogramCount;

    /** What the series before said of its family, which its neighbours repeat. */
    private @Nullable Said lastSaid;

    /** A request read, and how many samples of each kind it holds. */
    record Decoded(WriteBatch batch, int floatCount, int histogramCount) {}

    private WriteRequestV2Decoder(
            WriteLimits limits,
            @Nullable String project,
            KnownSeries.Lookup known,
            LabelHash hash,
            SymbolTable symbols) {
        this.limits = limits;
        this.project = project;
        this.known = known;
        this.hash = hash;
        this.symbols = symbols;
        this.samples = new SampleCollector(limits, batch);
    }

    /**
     * Reads a snappy-compressed request.
     *
     * @param project the project of every series; null if each names its own
     * @param known what earlier requests named, under the same limits
     */
    static Decoded decode(
            byte[] body, WriteLimits limits, @Nullable String project, KnownSeries.Lookup known, DecodeBuffers buffers)
            throws InvalidWriteException {
        SnappyBlock.Content content = SnappyBlock.decompress(body, limits.maxDecodedBytes(), buffers);
        int seriesIndex = 0;
        try {
            LabelHash hash = new LabelHash(project);
            SymbolTable symbols = SymbolTable.read(content, hash);
            WriteRequestV2Decoder decoder = new WriteRequestV2Decoder(limits, project, known, hash, symbols);
            CodedInputStream in = CodedInputStream.newInstance(content.bytes(), 0, content.length());
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
                    decoder.batch.build(List.copyOf(decoder.metadata)),
                    decoder.sampleCount - decoder.histogramCount,
                    decoder.histogramCount);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidWriteException(
                    Reason.ENCODING,
                    "request body is no io.prometheus.write.v2.Request: series " + seriesIndex + ": " + e.getMessage());
        } catch (IOException e) {
            throw new InvalidWriteException(
                    Reason.ENCODING, "request body is no io.prometheus.write.v2.Request: " + e.getMessage());
        } finally {
            buffers.giveBack(content.bytes());
        }
    }

    private void readSeries(CodedInputStream in) throws IOException, InvalidWriteException {
        labels.clear();
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
        SeriesReference series = labels.series();
        if (said != null && !said.isEmpty()) {
            Said all = new Said(said, labels.firstValue(), samples.hasHistograms());
            if (!all.equals(lastSaid)) {
                addMetadata(said, series.labels().metricName(), samples.hasHistograms());
                lastSaid = labels.beginsWithName() ? all : null;
            }
        }
        histogramCount += samples.end(series, createdMs);
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
                symbols.text(said.help, batch.seriesCount(), "help", limits.maxLabelValueBytes()),
                symbols.text(said.unit, batch.seriesCount(), "unit", limits.maxLabelValueBytes())));
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

    /** What a series whose first label is its name says of its family. */
    private record Said(MetadataReferences references, int name, boolean isNative) {}

    /** Names and values in turn, packed or not, of one series after another. */
    private final class ReferencedLabels {
        private int[] references = new int[32];
        private int count;

        void clear() {
            count = 0;
        }

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

        private void add(int reference) throws InvalidWriteException {
            if (count == references.length) {
                if (count > 2 * limits.maxLabels()) {
                    throw invalid("too many labels (expected: at most maxLabels = " + limits.maxLabels() + ")");
                }
                references = Arrays.copyOf(references, 2 * count);
            }
            references[count++] = reference;
        }

        /** The symbol of the first label's value; 0 if there is none. */
        int firstValue() {
            return count < 2 ? 0 : references[1];
        }

        boolean beginsWithName() throws InvalidWriteException {
            return count >= 2 && nameOf(0).equals(Labels.METRIC_NAME);
        }

        /** The series of these labels: one that is known, or else they are read and checked. */
        SeriesReference series() throws InvalidWriteException {
            SeriesReference series = hash() ? known.find(hash) : null;
            return series == null ? checked() : series;
        }

        /** Whether each has a symbol; then the hash is theirs. */
        private boolean hash() {
            hash.beginRow();
            for (int i = 0; i < count; i++) {
                if (references[i] < 0 || references[i] >= symbols.size()) {
                    return false;
                }
                symbols.addTo(hash, references[i]);
            }
            hash.endRow(count);
            return true;
        }

        private SeriesReference checked() throws InvalidWriteException {
            LabelCollector collected = new LabelCollector(limits, batch.seriesCount());
            for (int i = 0; i + 1 < count; i += 2) {
                String name = nameOf(i);
                collected.add(
                        name,
                        symbols.text(
                                references[i + 1], batch.seriesCount(), "label value", limits.maxLabelValueBytes()));
            }
            if (count % 2 != 0) {
                throw invalid("label \"" + nameOf(count - 1) + "\" without a value (expected: labels_refs in pairs)");
            }
            Labels built = collected.build();
            return SeriesReference.of(WriteRequestDecoder.projectOf(built, project), built);
        }

        private String nameOf(int index) throws InvalidWriteException {
            return symbols.text(references[index], batch.seriesCount(), "label name", limits.maxLabelNameBytes());
        }

        private InvalidWriteException invalid(String message) {
            return new InvalidWriteException(Reason.LABELS, "series " + batch.seriesCount() + ": " + message);
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

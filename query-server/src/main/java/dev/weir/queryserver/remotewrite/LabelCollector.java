package dev.weir.queryserver.remotewrite;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.weir.queryserver.remotewrite.InvalidWriteException.Reason;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.series.Labels;
import java.io.IOException;

/**
 * The labels of one series as they come, in any order, checked: names not empty, none twice, a metric name among them,
 * valid UTF-8, within limits. A label with an empty value is a missing one.
 */
final class LabelCollector {
    private final WriteLimits limits;
    private final int seriesIndex;
    private final Labels.Builder labels = Labels.builder();
    private int count;

    LabelCollector(WriteLimits limits, int seriesIndex) {
        this.limits = limits;
        this.seriesIndex = seriesIndex;
    }

    /** Reads a label message up to the stream's limit. */
    void read(CodedInputStream in) throws IOException, InvalidWriteException {
        String name = "";
        String value = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            boolean isText = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            if (isText && field == Label.NAME_FIELD_NUMBER) {
                name = text(in, "name", limits.maxLabelNameBytes());
            } else if (isText && field == Label.VALUE_FIELD_NUMBER) {
                value = text(in, "value", limits.maxLabelValueBytes());
            } else {
                in.skipField(tag);
            }
        }
        add(name, value);
    }

    void add(String name, String value) throws InvalidWriteException {
        if (++count > limits.maxLabels()) {
            throw invalid("too many labels (expected: at most maxLabels = " + limits.maxLabels() + ")");
        }
        if (name.isEmpty()) {
            throw invalid("label with an empty name (expected: a name)");
        }
        if (labels.get(name) != null) {
            throw invalid("label name \"" + name + "\" is there twice (expected: once)");
        }
        labels.set(name, value);
    }

    Labels build() throws InvalidWriteException {
        Labels built = labels.build();
        if (built.metricName().isEmpty()) {
            throw invalid("no metric name in " + built + " (expected: a label __name__)");
        }
        return built;
    }

    private String text(CodedInputStream in, String what, int maxBytes) throws IOException, InvalidWriteException {
        int length = in.readRawVarint32();
        if (length < 0 || length > maxBytes) {
            throw invalid("label " + what + " of " + Integer.toUnsignedString(length) + " bytes (expected: at most "
                    + maxBytes + ")");
        }
        byte[] utf8 = in.readRawBytes(length);
        String text = Utf8.decode(utf8);
        if (text == null) {
            throw invalid("label " + what + " is no valid UTF-8");
        }
        return text;
    }

    private InvalidWriteException invalid(String message) {
        return new InvalidWriteException(Reason.LABELS, "series " + seriesIndex + ": " + message);
    }
}

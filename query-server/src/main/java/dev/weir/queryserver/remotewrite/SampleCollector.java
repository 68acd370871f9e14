package dev.weir.queryserver.remotewrite;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.weir.queryserver.remotewrite.InvalidWriteException.Reason;
import dev.weir.queryserver.store.SampleList;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.series.FloatHistogram;
import dev.weir.series.StaleMarker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The samples of one series as they come, in messages that both versions of remote write share: floats, then histograms. */
final class SampleCollector {
    private final WriteLimits limits;
    private final int seriesIndex;
    private final SampleList samples = new SampleList();
    private final List<TimedHistogram> histograms = new ArrayList<>(0);

    private record TimedHistogram(long timestampMs, FloatHistogram histogram) {}

    SampleCollector(WriteLimits limits, int seriesIndex) {
        this.limits = limits;
        this.seriesIndex = seriesIndex;
    }

    /** Reads a length and as long a sample message. */
    void readSample(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        long timestampMs = 0;
        long valueBits = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            int wireType = WireFormat.getTagWireType(tag);
            if (field == Sample.VALUE_FIELD_NUMBER && wireType == WireFormat.WIRETYPE_FIXED64) {
                valueBits = in.readRawLittleEndian64();
            } else if (field == Sample.TIMESTAMP_FIELD_NUMBER && wireType == WireFormat.WIRETYPE_VARINT) {
                timestampMs = in.readRawVarint64();
            } else {
                in.skipField(tag);
            }
        }
        samples.add(timestampMs, Double.longBitsToDouble(valueBits));
        in.popLimit(outer);
    }

    /** Reads a length and as long a histogram message. */
    void readHistogram(CodedInputStream in) throws IOException, InvalidWriteException {
        int length = in.readRawVarint32();
        if (length < 0 || length > limits.maxHistogramBytes()) {
            throw new InvalidWriteException(
                    Reason.TOO_LARGE,
                    "histogram of series " + seriesIndex + ": " + length
                            + " bytes (expected: at most maxHistogramBytes = " + limits.maxHistogramBytes() + ")");
        }
        int outer = in.pushLimit(length);
        Histogram message = Histogram.parseFrom(in);
        in.popLimit(outer);
        try {
            histograms.add(new TimedHistogram(message.getTimestamp(), HistogramMessages.toFloatHistogram(message)));
        } catch (IllegalArgumentException e) {
            throw new InvalidWriteException(
                    Reason.HISTOGRAM, "histogram of series " + seriesIndex + ": " + e.getMessage());
        }
    }

    int histogramCount() {
        return histograms.size();
    }

    /** All of them. A histogram that marks its series stale becomes the float that does. */
    SampleList build() {
        for (TimedHistogram timed : histograms) {
            if (StaleMarker.isStale(timed.histogram.sum())) {
                samples.add(timed.timestampMs, StaleMarker.VALUE);
            } else {
                samples.add(timed.timestampMs, 0, timed.histogram);
            }
        }
        return samples;
    }
}

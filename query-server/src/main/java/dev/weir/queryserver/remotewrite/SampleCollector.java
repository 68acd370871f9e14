package dev.weir.queryserver.remotewrite;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.weir.queryserver.remotewrite.InvalidWriteException.Reason;
import dev.weir.queryserver.store.SampleList;
import dev.weir.queryserver.store.SeriesReference;
import dev.weir.queryserver.store.WriteBatch;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.series.FloatHistogram;
import dev.weir.series.StaleMarker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The samples of one series after another as they come, in messages that both versions of remote write share: floats, then
 * histograms.
 */
final class SampleCollector {
    private final WriteLimits limits;
    private final WriteBatch.Builder batch;
    private final SampleList samples;
    private final List<TimedHistogram> histograms = new ArrayList<>(0);

    private record TimedHistogram(long timestampMs, FloatHistogram histogram) {}

    /** @param batch where they go */
    SampleCollector(WriteLimits limits, WriteBatch.Builder batch) {
        this.limits = limits;
        this.batch = batch;
        this.samples = batch.samples();
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
                    "histogram of series " + batch.seriesCount() + ": " + length
                            + " bytes (expected: at most maxHistogramBytes = " + limits.maxHistogramBytes() + ")");
        }
        int outer = in.pushLimit(length);
        Histogram message = Histogram.parseFrom(in);
        in.popLimit(outer);
        try {
            histograms.add(new TimedHistogram(message.getTimestamp(), HistogramMessages.toFloatHistogram(message)));
        } catch (IllegalArgumentException e) {
            throw new InvalidWriteException(
                    Reason.HISTOGRAM, "histogram of series " + batch.seriesCount() + ": " + e.getMessage());
        }
    }

    /**
     * Ends the series: its samples so far are all. A histogram that marks it stale becomes the float that does. Returns how
     * many histograms came.
     */
    int end(SeriesReference series, long createdMs) {
        int count = histograms.size();
        if (count > 0) {
            addHistograms();
        }
        batch.endSeries(series, createdMs);
        return count;
    }

    /** Whether the series that has not ended has histograms. */
    boolean hasHistograms() {
        return !histograms.isEmpty();
    }

    private void addHistograms() {
        for (TimedHistogram timed : histograms) {
            if (StaleMarker.isStale(timed.histogram.sum())) {
                samples.add(timed.timestampMs, StaleMarker.VALUE);
            } else {
                samples.add(timed.timestampMs, 0, timed.histogram);
            }
        }
        histograms.clear();
    }
}

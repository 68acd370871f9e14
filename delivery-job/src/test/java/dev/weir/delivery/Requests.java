package dev.weir.delivery;

import dev.weir.schemas.remotewrite.BucketSpan;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Write requests and records for tests. */
final class Requests {
    private Requests() {}

    /** A series of one sample; labels in pairs, name first. */
    static TimeSeries series(long timestampMs, double value, String name, String... labels) {
        TimeSeries.Builder series = TimeSeries.newBuilder().addLabels(label("__name__", name));
        for (int i = 0; i < labels.length; i += 2) {
            series.addLabels(label(labels[i], labels[i + 1]));
        }
        return series.addSamples(Sample.newBuilder().setTimestamp(timestampMs).setValue(value))
                .build();
    }

    /** The series of a classic histogram with buckets 1, 2 and +Inf. */
    static List<TimeSeries> histogram(long timestampMs, String name, String... labels) {
        List<TimeSeries> all = new ArrayList<>();
        for (String le : List.of("1", "2", "+Inf")) {
            String[] withLe = java.util.Arrays.copyOf(labels, labels.length + 2);
            withLe[labels.length] = "le";
            withLe[labels.length + 1] = le;
            all.add(series(timestampMs, 5, name + "_bucket", withLe));
        }
        all.add(series(timestampMs, 5, name + "_count", labels));
        all.add(series(timestampMs, 7.5, name + "_sum", labels));
        return all;
    }

    /** A native histogram of three observations. */
    static TimeSeries nativeHistogram(long timestampMs, String name, String... labels) {
        return series(timestampMs, 0, name, labels).toBuilder()
                .clearSamples()
                .addHistograms(Histogram.newBuilder()
                        .setTimestamp(timestampMs)
                        .setSchema(0)
                        .setZeroThreshold(1e-128)
                        .setZeroCountInt(0)
                        .setCountInt(3)
                        .setSum(4.5)
                        .addPositiveSpans(BucketSpan.newBuilder().setOffset(0).setLength(2))
                        .addPositiveDeltas(1)
                        .addPositiveDeltas(1))
                .build();
    }

    static WriteRequest request(List<TimeSeries> series) {
        return WriteRequest.newBuilder().addAllTimeseries(series).build();
    }

    static SeriesRecord record(long offset, WriteRequest request) {
        return record(offset, request.toByteArray());
    }

    /** A record whose append time in seconds is its offset. */
    static SeriesRecord record(long offset, byte[] value) {
        return new SeriesRecord(
                "weir.series", 0, offset, offset * 1000, "group".getBytes(StandardCharsets.UTF_8), value);
    }

    static Label label(String name, String value) {
        return Label.newBuilder().setName(name).setValue(value).build();
    }
}

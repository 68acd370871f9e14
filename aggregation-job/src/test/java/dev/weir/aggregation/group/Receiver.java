package dev.weir.aggregation.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a strict remote-write receiver holds: no time twice, none out of order. */
final class Receiver {
    /** By PromQL's text of the series, its values by millisecond; of native histograms the counts. */
    final TreeMap<String, TreeMap<Long, Double>> series = new TreeMap<>();

    int records;
    int metadata;
    final Set<String> metadataNames = new TreeSet<>();

    void take(SeriesRecord record) {
        records++;
        WriteRequest request;
        try {
            request = WriteRequest.parseFrom(record.value());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("no write request", e);
        }
        metadata += request.getMetadataCount();
        request.getMetadataList().forEach(one -> metadataNames.add(one.getMetricFamilyName()));
        for (TimeSeries one : request.getTimeseriesList()) {
            Labels.Builder labels = Labels.builder();
            one.getLabelsList().forEach(label -> labels.set(label.getName(), label.getValue()));
            TreeMap<Long, Double> values = series.computeIfAbsent(labels.build().toString(), key -> new TreeMap<>());
            for (Sample sample : one.getSamplesList()) {
                assertTrue(
                        values.isEmpty() || values.lastKey() < sample.getTimestamp(),
                        () -> labels.build() + " at " + sample.getTimestamp() + " after " + values.lastKey());
                values.put(sample.getTimestamp(), sample.getValue());
            }
            for (Histogram point : one.getHistogramsList()) {
                assertTrue(
                        values.isEmpty() || values.lastKey() < point.getTimestamp(),
                        () -> labels.build() + " at " + point.getTimestamp() + " after " + values.lastKey());
                double count = point.hasCountFloat() ? point.getCountFloat() : point.getCountInt();
                values.put(point.getTimestamp(), StaleMarker.isStale(point.getSum()) ? point.getSum() : count);
            }
        }
    }

    /** The points of a series as "second=value", stale markers as "stale"; empty if there is no such series. */
    String points(String name) {
        StringBuilder text = new StringBuilder();
        series.getOrDefault(name, new TreeMap<>()).forEach((timeMs, value) -> {
            text.append(text.isEmpty() ? "" : " ").append(timeMs / 1000).append('=');
            if (StaleMarker.isStale(value)) {
                text.append("stale");
            } else if (value == Math.rint(value)) {
                text.append(Math.round(value));
            } else {
                text.append(value);
            }
        });
        return text.toString();
    }
}

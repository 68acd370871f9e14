package dev.weir.e2e.churn;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What {@code weir.series} says of some metrics, held against what a receiver may expect: no value is told twice. */
final class SeriesLog {
    private final Predicate<String> kept;
    private final Map<Map<String, String>, NavigableMap<Long, Double>> series = new HashMap<>();

    /** @param kept names of the metrics to keep */
    SeriesLog(Predicate<String> kept) {
        this.kept = kept;
    }

    /** By labels, {@code __name__} among them, the samples by time. */
    Map<Map<String, String>, NavigableMap<Long, Double>> series() {
        return series;
    }

    /** The one series that has all these labels. */
    NavigableMap<Long, Double> theOne(Map<String, String> labels) {
        return series.entrySet().stream()
                .filter(entry -> entry.getKey().entrySet().containsAll(labels.entrySet()))
                .map(Map.Entry::getValue)
                .reduce((one, other) -> {
                    throw new AssertionError("two series of " + labels);
                })
                .orElseThrow(() -> new AssertionError("no series of " + labels));
    }

    synchronized void add(byte[] writeRequest) {
        try {
            for (TimeSeries one : WriteRequest.parseFrom(writeRequest).getTimeseriesList()) {
                if (one.getLabelsList().stream()
                        .anyMatch(label -> label.getName().equals("__name__") && kept.test(label.getValue()))) {
                    add(one);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private void add(TimeSeries one) {
        Map<String, String> labels = new TreeMap<>();
        for (Label label : one.getLabelsList()) {
            labels.put(label.getName(), label.getValue());
        }
        NavigableMap<Long, Double> samples = series.computeIfAbsent(labels, key -> new TreeMap<>());
        for (Sample sample : one.getSamplesList()) {
            if (samples.put(sample.getTimestamp(), sample.getValue()) != null) {
                throw new AssertionError("a second value at " + sample.getTimestamp() + " of " + labels);
            }
        }
    }
}

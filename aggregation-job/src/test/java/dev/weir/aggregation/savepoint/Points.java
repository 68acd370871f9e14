package dev.weir.aggregation.savepoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.aggregation.group.SeriesRecord;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.StaleMarker;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What a strict receiver has: no series has two points of one time, none comes out of order. Times are seconds. */
record Points(Map<String, NavigableMap<Long, Double>> bySeries) {
    Points(Collection<SeriesRecord> records) {
        this(new TreeMap<>());
        try {
            for (SeriesRecord record : records) {
                for (TimeSeries series : WriteRequest.parseFrom(record.value()).getTimeseriesList()) {
                    add(series);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private void add(TimeSeries series) {
        StringBuilder name = new StringBuilder();
        for (Label label : series.getLabelsList()) {
            name.append(name.isEmpty() ? "" : " ")
                    .append(label.getName())
                    .append('=')
                    .append(label.getValue());
        }
        NavigableMap<Long, Double> points = bySeries.computeIfAbsent(name.toString(), key -> new TreeMap<>());
        series.getSamplesList()
                .forEach(sample -> add(name.toString(), points, sample.getTimestamp(), sample.getValue()));
        for (Histogram histogram : series.getHistogramsList()) {
            add(name.toString(), points, histogram.getTimestamp(), (double) histogram.getCountInt());
        }
    }

    private static void add(String name, NavigableMap<Long, Double> points, long timeMs, double value) {
        long second = (timeMs - KnownFleet.START_MS) / 1000;
        assertEquals(
                true, points.isEmpty() || points.lastKey() < second, () -> name + " at " + second + " after " + points);
        assertNull(points.put(second, value));
    }

    /** Of the one series whose labels begin with the texts, in any order. */
    NavigableMap<Long, Double> of(String... labels) {
        List<NavigableMap<Long, Double>> found = bySeries.entrySet().stream()
                .filter(entry -> List.of(entry.getKey().split(" ")).containsAll(List.of(labels)))
                .map(Map.Entry::getValue)
                .toList();
        assertEquals(1, found.size(), () -> String.join(" ", labels) + " among " + bySeries.keySet());
        return found.get(0);
    }

    /** The points up to a time, that included. */
    Map<String, NavigableMap<Long, Double>> through(long second) {
        Map<String, NavigableMap<Long, Double>> points = new TreeMap<>();
        bySeries.forEach((series, all) -> points.put(series, all.headMap(second, true)));
        points.values().removeIf(Map::isEmpty);
        return points;
    }

    double at(long second, String... labels) {
        return of(labels).getOrDefault(second, Double.NaN);
    }

    /** The newest value that is no stale marker. */
    double last(String... labels) {
        return of(labels).descendingMap().values().stream()
                .filter(value -> !StaleMarker.isStale(value))
                .findFirst()
                .orElseThrow();
    }
}

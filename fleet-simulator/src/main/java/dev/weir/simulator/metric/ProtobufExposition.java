package dev.weir.simulator.metric;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Delimited messages {@code io.prometheus.client.MetricFamily}, as client_golang writes them: creation times with all
 * cumulative series, and native histograms, where the process keeps them, in the same message as classic buckets.
 */
final class ProtobufExposition implements Exposition {
    private static final int NAME = 1;
    private static final int HELP = 2;
    private static final int TYPE = 3;
    private static final int METRIC = 4;

    private static final int LABEL = 1;
    private static final int GAUGE = 2;
    private static final int COUNTER = 3;
    private static final int SUMMARY = 4;
    private static final int HISTOGRAM = 7;

    @Override
    public String contentType() {
        return "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited;"
                + " escaping=underscores";
    }

    @Override
    public byte[] body(Snapshot snapshot) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        List<Family> families = new ArrayList<>(snapshot.families());
        families.removeIf(family -> snapshot.series(family).isEmpty());
        families.sort(Comparator.comparing(Family::exposedName));
        for (Family family : families) {
            ProtobufMessage message = new ProtobufMessage()
                    .text(NAME, family.exposedName())
                    .text(HELP, family.help())
                    .number(TYPE, typeNumber(family.type()));
            for (Series series : snapshot.series(family)) {
                message.message(METRIC, metric(snapshot, series));
            }
            page.writeBytes(message.delimited());
        }
        return page.toByteArray();
    }

    private static int typeNumber(MetricType type) {
        return switch (type) {
            case COUNTER -> 0;
            case GAUGE -> 1;
            case SUMMARY -> 2;
            case HISTOGRAM -> 4;
        };
    }

    private static ProtobufMessage metric(Snapshot snapshot, Series series) {
        ProtobufMessage metric = new ProtobufMessage();
        for (Map.Entry<String, String> label : new TreeMap<>(Snapshot.labels(series)).entrySet()) {
            metric.message(LABEL, new ProtobufMessage().text(1, label.getKey()).text(2, label.getValue()));
        }
        return switch (series.family().type()) {
            case GAUGE -> metric.message(GAUGE, new ProtobufMessage().real(1, snapshot.value(series)));
            case COUNTER ->
                metric.message(
                        COUNTER,
                        new ProtobufMessage().real(1, snapshot.value(series)).message(3, created(series)));
            case SUMMARY ->
                metric.message(
                        SUMMARY,
                        new ProtobufMessage()
                                .number(1, snapshot.count(series))
                                .real(2, snapshot.sum(series))
                                .message(4, created(series)));
            case HISTOGRAM -> metric.message(HISTOGRAM, histogram(snapshot, series));
        };
    }

    private static ProtobufMessage histogram(Snapshot snapshot, Series series) {
        ProtobufMessage histogram =
                new ProtobufMessage().number(1, snapshot.count(series)).real(2, snapshot.sum(series));
        double[] bounds = series.family().boundsShared();
        long seen = 0;
        for (int i = 0; i < bounds.length; i++) {
            seen += snapshot.bucket(series, i);
            histogram.message(3, new ProtobufMessage().number(1, seen).real(2, bounds[i]));
        }
        if (series.family().hasNative()) {
            addNative(snapshot, series, histogram);
        }
        return histogram.message(15, created(series));
    }

    private static void addNative(Snapshot snapshot, Series series, ProtobufMessage histogram) {
        histogram
                .zigZag(5, NativeBins.SCHEMA)
                .real(6, NativeBins.ZERO_THRESHOLD)
                .number(7, snapshot.nativeCell(series, 0));
        int next = 0;
        int cell = 1;
        while (cell < NativeBins.WIDTH) {
            if (snapshot.nativeCell(series, cell) == 0) {
                cell++;
                continue;
            }
            int first = cell;
            while (cell < NativeBins.WIDTH && snapshot.nativeCell(series, cell) != 0) {
                cell++;
            }
            int offset = NativeBins.indexOf(first) - next;
            histogram.message(12, new ProtobufMessage().zigZag(1, offset).number(2, cell - first));
            next = NativeBins.indexOf(cell);
        }
        long before = 0;
        for (int i = 1; i < NativeBins.WIDTH; i++) {
            long count = snapshot.nativeCell(series, i);
            if (count != 0) {
                histogram.zigZag(13, count - before);
                before = count;
            }
        }
    }

    private static ProtobufMessage created(Series series) {
        long micros = series.createdEpochMicros();
        return new ProtobufMessage().number(1, micros / 1_000_000).number(2, micros % 1_000_000 * 1_000);
    }
}

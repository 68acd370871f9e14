package dev.weir.aggregation.derived;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.canonical.CanonicalFamily.Shape;
import dev.weir.aggregation.canonical.UsageWatch;
import dev.weir.aggregation.report.OwnSeries;
import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Says for which engines requests succeed and no token is reported: {@link OwnSeries#USAGE_NOT_REPORTED}. */
final class UnreportedUsage {
    private static final Set<String> NAME = Set.of(Labels.METRIC_NAME);

    private UsageWatch watch = new UsageWatch();
    /** Series whose newest point is a value. */
    private final Set<Labels> told = new HashSet<>();

    /** The engine behind this series of requests is expected to report tokens. */
    void expect(Labels requests) {
        watch.expect(requests.without(NAME));
    }

    /** The canonical series has ended. */
    void end(Labels series) {
        if (series.metricName().equals(CanonicalFamily.REQUESTS.metricName())) {
            watch.forget(series.without(NAME));
        }
    }

    /** The canonical counter gained this in the window that closes. */
    void gained(Labels series, double amount) {
        CanonicalFamily family = CanonicalFamily.words().get(series.metricName());
        if (family != null && family.shape() == Shape.COUNTER) {
            watch.gained(family, series.without(NAME), amount);
        }
    }

    void closeWindow(long windowEndMs, WriteRequestEncoder out) {
        Map<Labels, Double> missing = watch.closeWindow();
        missing.forEach((key, requests) -> out.add(encoded(key), windowEndMs, requests));
        told.removeIf(key -> {
            boolean over = !missing.containsKey(key);
            if (over) {
                out.add(encoded(key), windowEndMs, StaleMarker.VALUE);
            }
            return over;
        });
        told.addAll(missing.keySet());
    }

    private static byte[] encoded(Labels key) {
        return WriteRequestEncoder.labels(key.toBuilder()
                .set(Labels.METRIC_NAME, OwnSeries.USAGE_NOT_REPORTED)
                .build()
                .toMap());
    }

    void write(DataOutput out) throws IOException {
        watch.write(out);
        out.writeInt(told.size());
        for (Labels labels : told) {
            StateIo.writeLabels(out, labels);
        }
    }

    static UnreportedUsage read(DataInput in) throws IOException {
        UnreportedUsage usage = new UnreportedUsage();
        usage.watch = UsageWatch.read(in);
        for (int i = in.readInt(); i > 0; i--) {
            usage.told.add(StateIo.readLabels(in));
        }
        return usage;
    }
}

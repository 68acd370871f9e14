package dev.weir.simulator.fleet;

import dev.weir.simulator.metric.Family;
import dev.weir.simulator.metric.Series;
import dev.weir.simulator.metric.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sums of counters and histograms over processes, by name and labels of the body. Exact: raw integers are added. */
final class SeriesTotals {
    /** A series of the body. */
    record Key(String name, Map<String, String> labels) {}

    /** What its integers mean, and the integers. */
    static final class Total {
        private final Family family;
        private final long[] raw;

        private Total(Family family, int width) {
            this.family = family;
            this.raw = new long[width];
        }

        Family family() {
            return family;
        }

        long[] raw() {
            return raw;
        }
    }

    private final Map<Key, Total> totals = new LinkedHashMap<>();

    void add(Snapshot snapshot) {
        for (Family family : snapshot.families()) {
            if (family.type().cumulative()) {
                for (Series series : snapshot.series(family)) {
                    add(new Key(family.name(), Snapshot.labels(series)), family, snapshot.raw(series));
                }
            }
        }
    }

    void add(SeriesTotals other) {
        other.totals.forEach((key, total) -> add(key, total.family(), total.raw()));
    }

    Map<Key, Total> totals() {
        return totals;
    }

    private void add(Key key, Family family, long[] raw) {
        Total sum = totals.computeIfAbsent(key, k -> new Total(family, raw.length));
        for (int i = 0; i < raw.length; i++) {
            sum.raw()[i] += raw[i];
        }
    }
}

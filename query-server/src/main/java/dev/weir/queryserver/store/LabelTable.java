package dev.weir.queryserver.store;

import dev.weir.series.Labels;
import org.jspecify.annotations.Nullable;

/** Series by their labels, in one array, at most two thirds full: a series takes some eight bytes here. */
final class LabelTable {
    private static final int LEAST_SLOTS = 16;

    private @Nullable MemorySeries[] slots = new @Nullable MemorySeries[LEAST_SLOTS];
    private int size;

    @Nullable
    MemorySeries get(Labels labels) {
        int mask = slots.length - 1;
        for (int at = spread(labels.hashCode()) & mask; ; at = at + 1 & mask) {
            MemorySeries series = slots[at];
            if (series == null || series.labels().equals(labels)) {
                return series;
            }
        }
    }

    /** Takes a series whose labels no other has. */
    void add(MemorySeries series) {
        if (3L * (size + 1) > 2L * slots.length) {
            @Nullable MemorySeries[] before = slots;
            slots = new @Nullable MemorySeries[2 * before.length];
            for (MemorySeries one : before) {
                if (one != null) {
                    insert(one);
                }
            }
        }
        insert(series);
        size++;
    }

    void clear() {
        slots = new @Nullable MemorySeries[LEAST_SLOTS];
        size = 0;
    }

    private void insert(MemorySeries series) {
        int mask = slots.length - 1;
        int at = spread(series.labels().hashCode()) & mask;
        while (slots[at] != null) {
            at = at + 1 & mask;
        }
        slots[at] = series;
    }

    private static int spread(int hash) {
        return (hash ^ hash >>> 16) * 0x9e37_79b9;
    }
}

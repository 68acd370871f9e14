package dev.weir.queryserver.store;

import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Series by their labels, numbered from 0 on in the order in which they came. The table is of numbers, at most two thirds full:
 * a series takes some 14 bytes here, and filling it makes no work for the collector.
 */
final class LabelTable {
    private static final int LEAST_SLOTS = 16;

    private final LabelHasher hasher = new LabelHasher();
    private List<MemorySeries> byOrdinal = new ArrayList<>();

    /** A hash above an ordinal and one; 0 where there is none. */
    private long[] slots = new long[LEAST_SLOTS];

    int size() {
        return byOrdinal.size();
    }

    /** In the order of their ordinals. */
    Collection<MemorySeries> all() {
        return byOrdinal;
    }

    MemorySeries get(int ordinal) {
        return byOrdinal.get(ordinal);
    }

    @Nullable
    MemorySeries get(Labels labels) {
        return get(labels, hasher.hash(labels));
    }

    /** @param hash of the labels, by {@link LabelHasher} */
    @Nullable
    MemorySeries get(Labels labels, int hash) {
        int mask = slots.length - 1;
        for (int at = hash & mask; slots[at] != 0; at = at + 1 & mask) {
            if (slots[at] >> Integer.SIZE == hash) {
                MemorySeries series = byOrdinal.get((int) slots[at] - 1);
                if (series.labels().equals(labels)) {
                    return series;
                }
            }
        }
        return null;
    }

    /** Takes a series whose labels no other has. Returns its ordinal. */
    int add(MemorySeries series) {
        return add(series, hasher.hash(series.labels()));
    }

    int add(MemorySeries series, int hash) {
        int ordinal = byOrdinal.size();
        byOrdinal.add(series);
        if (3L * byOrdinal.size() > 2L * slots.length) {
            grow();
        }
        insert((long) hash << Integer.SIZE | ordinal + 1);
        return ordinal;
    }

    void clear() {
        byOrdinal = new ArrayList<>();
        slots = new long[LEAST_SLOTS];
    }

    private void grow() {
        long[] before = slots;
        slots = new long[2 * before.length];
        for (long slot : before) {
            if (slot != 0) {
                insert(slot);
            }
        }
    }

    private void insert(long slot) {
        int mask = slots.length - 1;
        int at = (int) (slot >> Integer.SIZE) & mask;
        while (slots[at] != 0) {
            at = at + 1 & mask;
        }
        slots[at] = slot;
    }
}

package dev.weir.queryserver.store;

import org.jspecify.annotations.Nullable;

/** Series by their numbers in the log, for the many lookups of a start. */
final class IdTable {
    private static final int LEAST_SLOTS = 1024;

    private long[] ids = new long[LEAST_SLOTS];
    private @Nullable MemorySeries[] series = new @Nullable MemorySeries[LEAST_SLOTS];
    private int size;

    @Nullable
    MemorySeries get(long id) {
        return series[slotOf(id)];
    }

    void put(long id, MemorySeries one) {
        if (2 * (size + 1) > ids.length) {
            long[] idsBefore = ids;
            @Nullable MemorySeries[] seriesBefore = series;
            ids = new long[2 * idsBefore.length];
            series = new @Nullable MemorySeries[ids.length];
            for (int i = 0; i < idsBefore.length; i++) {
                if (seriesBefore[i] != null) {
                    int slot = slotOf(idsBefore[i]);
                    ids[slot] = idsBefore[i];
                    series[slot] = seriesBefore[i];
                }
            }
        }
        int slot = slotOf(id);
        size += series[slot] == null ? 1 : 0;
        ids[slot] = id;
        series[slot] = one;
    }

    /** Where the number is, or would be. */
    private int slotOf(long id) {
        int mask = ids.length - 1;
        int slot = (int) ((id * 0x9e37_79b9_7f4a_7c15L) >>> 32) & mask;
        while (series[slot] != null && ids[slot] != id) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}

package dev.weir.queryserver.store;

import java.util.Arrays;

/**
 * Numbers series from 0 on, in the order in which the log defines them, by the numbers that they have in the log. Those that a
 * record names one after another were mostly defined so too, so a series is looked for behind the one found before.
 */
final class SeriesNumbers {
    private static final int LEAST_SLOTS = 1024;

    /** By the series' own numbers. */
    private long[] ids = new long[LEAST_SLOTS / 2];

    /** Numbers and one, by a hash of the id; 0 where there is none. At most half full. */
    private int[] slots = new int[LEAST_SLOTS];

    private int size;
    private int latest = -1;

    /** The series' number; -1 if it has none yet. */
    int get(long id) {
        int next = latest + 1;
        if (next < size && ids[next] == id) {
            latest = next;
            return next;
        }
        int number = slots[slotOf(id)] - 1;
        latest = number < 0 ? latest : number;
        return number;
    }

    /** Numbers a series that has no number yet. */
    void add(long id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            slots = new int[4 * size];
            for (int i = 0; i < size; i++) {
                slots[slotOf(ids[i])] = i + 1;
            }
        }
        ids[size] = id;
        slots[slotOf(id)] = ++size;
    }

    /** Where the series is, or would be. */
    private int slotOf(long id) {
        int mask = slots.length - 1;
        int slot = (int) ((id * 0x9e37_79b9_7f4a_7c15L) >>> Integer.SIZE) & mask;
        while (slots[slot] != 0 && ids[slots[slot] - 1] != id) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}

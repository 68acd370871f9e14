package dev.weir.queryserver.store;

import java.util.Arrays;

/**
 * Numbers series from 0 on, in the order in which the log defines them, by the numbers that they have in the log. Neighbours
 * there come together mostly, so they share a row of memory, and the row that was asked for last is tried first.
 */
final class SeriesNumbers {
    private static final int LEAST_SLOTS = 64;
    private static final int ROW_BITS = 4;
    private static final int ROW_MASK = (1 << ROW_BITS) - 1;

    /** Ids less their last bits, which say the place in the row. At most half full. */
    private long[] keys = new long[LEAST_SLOTS];

    /** Rows and one, each in the slot of its key; 0 where there is none. */
    private int[] rows = new int[LEAST_SLOTS];

    /** Row after row, numbers and one; 0 where there is none. */
    private int[] numbers = new int[LEAST_SLOTS << ROW_BITS];

    private int rowCount;
    private int size;
    private int latestSlot;

    /** The series' number; -1 if it has none yet. */
    int get(long id) {
        int row = rows[slotOf(id >>> ROW_BITS)];
        return row == 0 ? -1 : numbers[place(row, id)] - 1;
    }

    /** Numbers a series that has no number yet. */
    void add(long id) {
        int slot = slotOf(id >>> ROW_BITS);
        if (rows[slot] == 0) {
            if (2 * (rowCount + 1) > rows.length) {
                grow();
                slot = slotOf(id >>> ROW_BITS);
            }
            keys[slot] = id >>> ROW_BITS;
            rows[slot] = ++rowCount;
        }
        int place = place(rows[slot], id);
        if (place >= numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * numbers.length);
        }
        numbers[place] = ++size;
    }

    private static int place(int row, long id) {
        return ((row - 1) << ROW_BITS) + ((int) id & ROW_MASK);
    }

    private void grow() {
        long[] keysBefore = keys;
        int[] rowsBefore = rows;
        keys = new long[2 * keysBefore.length];
        rows = new int[keys.length];
        for (int i = 0; i < keysBefore.length; i++) {
            if (rowsBefore[i] != 0) {
                int slot = slotOf(keysBefore[i]);
                keys[slot] = keysBefore[i];
                rows[slot] = rowsBefore[i];
            }
        }
    }

    /** Where the row of a key is, or would be. */
    private int slotOf(long key) {
        if (rows[latestSlot] != 0 && keys[latestSlot] == key) {
            return latestSlot;
        }
        int mask = keys.length - 1;
        int slot = (int) ((key * 0x9e37_79b9_7f4a_7c15L) >>> Integer.SIZE) & mask;
        while (rows[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        latestSlot = slot;
        return slot;
    }
}

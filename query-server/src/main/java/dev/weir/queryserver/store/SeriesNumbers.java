package dev.weir.queryserver.store;

/**
 * Numbers series from 0 on, in the order in which the log defines them, by the numbers that they have in the log. Neighbours
 * there are neighbours in memory too, for they come together.
 */
final class SeriesNumbers {
    private static final int LEAST_SLOTS = 1024;
    private static final int NEIGHBOURS_BITS = 4;

    private long[] ids = new long[LEAST_SLOTS];

    /** Numbers and one; 0 where there is none. At most half full. */
    private int[] numbers = new int[LEAST_SLOTS];

    private int size;

    /** The series' number; -1 if it has none yet. */
    int get(long id) {
        return numbers[slotOf(id)] - 1;
    }

    /** Numbers a series that has no number yet. */
    void add(long id) {
        if (2 * (size + 1) > ids.length) {
            long[] idsBefore = ids;
            int[] numbersBefore = numbers;
            ids = new long[2 * idsBefore.length];
            numbers = new int[ids.length];
            for (int i = 0; i < idsBefore.length; i++) {
                if (numbersBefore[i] != 0) {
                    put(idsBefore[i], numbersBefore[i]);
                }
            }
        }
        put(id, ++size);
    }

    private void put(long id, int number) {
        int slot = slotOf(id);
        ids[slot] = id;
        numbers[slot] = number;
    }

    /** Where the series is, or would be. */
    private int slotOf(long id) {
        int mask = ids.length - 1;
        int row = (int) (((id >>> NEIGHBOURS_BITS) * 0x9e37_79b9_7f4a_7c15L) >>> Integer.SIZE);
        int slot = ((row << NEIGHBOURS_BITS) | ((int) id & ((1 << NEIGHBOURS_BITS) - 1))) & mask;
        while (numbers[slot] != 0 && ids[slot] != id) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}

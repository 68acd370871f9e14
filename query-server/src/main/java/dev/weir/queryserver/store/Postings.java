package dev.weir.queryserver.store;

import java.util.Arrays;
import java.util.BitSet;

/** Ordinals of series, ascending. */
final class Postings {
    private int[] ordinals = new int[2];
    private int size;

    /** Adds an ordinal above all others. */
    void add(int ordinal) {
        if (size == ordinals.length) {
            ordinals = Arrays.copyOf(ordinals, size * 2);
        }
        ordinals[size++] = ordinal;
    }

    void addTo(BitSet set) {
        for (int i = 0; i < size; i++) {
            set.set(ordinals[i]);
        }
    }
}

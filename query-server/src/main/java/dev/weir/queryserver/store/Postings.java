package dev.weir.queryserver.store;

import java.util.Arrays;
import java.util.BitSet;

/** Ordinals of series, ascending. Neighbours, as the series of one target are, take no more room than two. */
final class Postings {
    /** The first ordinal of each run and, if the run has more than one, {@code ~} its last one. */
    private int[] runs = new int[2];

    private int size;

    /** Adds an ordinal above all others. */
    void add(int ordinal) {
        int end = size == 0 ? -1 : runs[size - 1];
        if (end < 0 && size > 0 && ~end == ordinal - 1) {
            runs[size - 1] = ~ordinal;
        } else {
            append(size > 0 && end == ordinal - 1 ? ~ordinal : ordinal);
        }
    }

    void addTo(BitSet set) {
        for (int i = 0; i < size; i++) {
            int first = runs[i];
            boolean isLong = i + 1 < size && runs[i + 1] < 0;
            int last = isLong ? ~runs[++i] : first;
            set.set(first, last + 1);
        }
    }

    private void append(int number) {
        if (size == runs.length) {
            runs = Arrays.copyOf(runs, size + size / 2 + 1);
        }
        runs[size++] = number;
    }
}

package dev.weir.queryserver.store;

import dev.weir.series.Labels;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Series by their labels, in two arrays, at most two thirds full: a series takes some 14 bytes here. Hashes are keyed by a
 * secret, so that no sender can choose labels that fall on one place.
 */
final class LabelTable {
    private static final int LEAST_SLOTS = 16;
    private static final long SECRET = new SecureRandom().nextLong();

    private @Nullable MemorySeries[] slots = new @Nullable MemorySeries[LEAST_SLOTS];
    /** Of the series in the same slot. */
    private int[] hashes = new int[LEAST_SLOTS];

    private int size;

    @Nullable
    MemorySeries get(Labels labels) {
        int hash = hash(labels);
        int mask = slots.length - 1;
        for (int at = hash & mask; ; at = at + 1 & mask) {
            MemorySeries series = slots[at];
            if (series == null || (hashes[at] == hash && series.labels().equals(labels))) {
                return series;
            }
        }
    }

    /** Takes a series whose labels no other has. */
    void add(MemorySeries series) {
        if (3L * (size + 1) > 2L * slots.length) {
            @Nullable MemorySeries[] seriesBefore = slots;
            int[] hashesBefore = hashes;
            slots = new @Nullable MemorySeries[2 * seriesBefore.length];
            hashes = new int[slots.length];
            for (int i = 0; i < seriesBefore.length; i++) {
                MemorySeries one = seriesBefore[i];
                if (one != null) {
                    insert(one, hashesBefore[i]);
                }
            }
        }
        insert(series, hash(series.labels()));
        size++;
    }

    void clear() {
        slots = new @Nullable MemorySeries[LEAST_SLOTS];
        hashes = new int[LEAST_SLOTS];
        size = 0;
    }

    private void insert(MemorySeries series, int hash) {
        int mask = slots.length - 1;
        int at = hash & mask;
        while (slots[at] != null) {
            at = at + 1 & mask;
        }
        slots[at] = series;
        hashes[at] = hash;
    }

    static int hash(Labels labels) {
        long hash = SECRET;
        for (int i = 0; i < labels.size(); i++) {
            hash = mixed(mixed(hash, labels.name(i)), labels.value(i));
        }
        return (int) (hash >>> 32);
    }

    private static long mixed(long hash, String text) {
        long mixed = hash + text.length();
        for (int i = 0; i < text.length(); i++) {
            mixed = (mixed ^ text.charAt(i)) * 0x9e37_79b9_7f4a_7c15L;
            mixed ^= mixed >>> 29;
        }
        return mixed;
    }
}

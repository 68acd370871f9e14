package dev.weir.queryserver.store;

import dev.weir.series.Labels;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Series by their labels, numbered from 0 on in the order in which they came. The table is of numbers, at most two thirds full:
 * a series takes some 14 bytes here, and filling it makes no work for the collector. Hashes are keyed by a secret, so that
 * no sender can choose labels that fall on one place.
 */
final class LabelTable {
    private static final int LEAST_SLOTS = 16;
    private static final long SECRET = new SecureRandom().nextLong();

    private List<MemorySeries> byOrdinal = new ArrayList<>();

    /** A hash above an ordinal and one; 0 where there is none. */
    private long[] slots = new long[LEAST_SLOTS];

    /** At each place of labels, the text that was hashed last, and its hash: neighbours share most of their texts. */
    private @Nullable String[] lastTexts = new @Nullable String[LEAST_SLOTS];

    private long[] lastHashes = new long[LEAST_SLOTS];

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
        long hash = hash(labels);
        int mask = slots.length - 1;
        for (int at = (int) hash & mask; slots[at] != 0; at = at + 1 & mask) {
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
        int ordinal = byOrdinal.size();
        byOrdinal.add(series);
        if (3L * byOrdinal.size() > 2L * slots.length) {
            grow();
        }
        insert((long) hash(series.labels()) << Integer.SIZE | ordinal + 1);
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

    /** Depends on what the labels say alone. */
    int hash(Labels labels) {
        long hash = SECRET;
        for (int i = 0; i < labels.size(); i++) {
            hash = mixed(hash, textHash(2 * i, labels.name(i)));
            hash = mixed(hash, textHash(2 * i + 1, labels.value(i)));
        }
        return (int) (hash >>> 32);
    }

    private long textHash(int place, String text) {
        if (place >= lastTexts.length) {
            lastTexts = Arrays.copyOf(lastTexts, 2 * place);
            lastHashes = Arrays.copyOf(lastHashes, 2 * place);
        }
        if (!text.equals(lastTexts[place])) {
            lastTexts[place] = text;
            lastHashes[place] = textHash(text);
        }
        return lastHashes[place];
    }

    private static long textHash(String text) {
        long hash = SECRET + text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = mixed(hash, text.charAt(i));
        }
        return hash;
    }

    private static long mixed(long hash, long more) {
        long mixed = (hash ^ more) * 0x9e37_79b9_7f4a_7c15L;
        return mixed ^ mixed >>> 29;
    }
}

package dev.weir.queryserver.store;

import dev.weir.series.Labels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets series share the texts of their labels, and the rows of names, most of which repeat. Used by one thread at a time. */
final class LabelPool {
    private static final int ROWS_BITS = 10;

    private final Map<String, String> texts = new HashMap<>();

    /** Names of labels; of rows that would have the same place, the last one stays. */
    private final String[] @Nullable [] rows = new String[1 << ROWS_BITS] @Nullable [];

    /** The same labels, made of what others use too. */
    Labels shared(Labels labels) {
        String[] names = new String[labels.size()];
        String[] values = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = shared(labels.name(i));
            values[i] = shared(labels.value(i));
        }
        return Labels.ofSorted(sharedNames(names), values);
    }

    /** Forgets all, so that texts of series that are gone take no memory. */
    void clear() {
        texts.clear();
        Arrays.fill(rows, null);
    }

    String shared(String text) {
        String known = texts.putIfAbsent(text, text);
        return known == null ? text : known;
    }

    /** An equal row, which is not to be changed. */
    String[] sharedNames(String[] names) {
        int place = (Arrays.hashCode(names) * 0x9e37_79b9) >>> (Integer.SIZE - ROWS_BITS);
        String[] known = rows[place];
        if (known != null && Arrays.equals(known, names)) {
            return known;
        }
        rows[place] = names;
        return names;
    }
}

package dev.weir.aggregation.state;

import dev.weir.series.Labels;

/**
 * One instance of most equal names and values of labels, which targets have in common but for a few: what is read of a thousand
 * targets is otherwise mostly copies. A cache of {@link #MAX_STRINGS}, of which a string takes the place of another by chance.
 * Safe for use by several threads, which at worst have an instance each.
 */
public final class LabelStrings {
    /** Most strings that are known. */
    static final int MAX_STRINGS = 1 << 14;

    /** A longer string is hardly one that others have. */
    static final int MAX_LENGTH = 256;

    private static final String[] KNOWN = new String[MAX_STRINGS];

    private LabelStrings() {}

    /** An equal string. */
    static String share(String text) {
        if (text.length() > MAX_LENGTH) {
            return text;
        }
        int hash = text.hashCode();
        int place = (hash ^ (hash >>> 16)) & (MAX_STRINGS - 1);
        String known = KNOWN[place];
        if (text.equals(known)) {
            return known;
        }
        KNOWN[place] = text;
        return text;
    }

    /** Equal labels. */
    public static Labels share(Labels labels) {
        String[] pairs = new String[2 * labels.size()];
        for (int i = 0; i < labels.size(); i++) {
            pairs[2 * i] = share(labels.name(i));
            pairs[2 * i + 1] = share(labels.value(i));
        }
        return Labels.ofSorted(pairs);
    }
}

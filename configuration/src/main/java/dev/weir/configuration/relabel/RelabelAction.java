package dev.weir.configuration.relabel;

import java.util.Locale;

/** What a rule does; see the relabelling section of Prometheus' configuration page. */
public enum RelabelAction {
    REPLACE,
    KEEP,
    DROP,
    KEEPEQUAL,
    DROPEQUAL,
    HASHMOD,
    LABELMAP,
    LABELDROP,
    LABELKEEP,
    LOWERCASE,
    UPPERCASE;

    /** The action as it is written, in any case. */
    public static RelabelAction parse(String text) {
        for (RelabelAction action : values()) {
            if (action.toString().equals(text.toLowerCase(Locale.ROOT))) {
                return action;
            }
        }
        throw new IllegalArgumentException("relabel action \"" + text + "\" (expected one of: replace, keep, drop, "
                + "keepequal, dropequal, hashmod, labelmap, labeldrop, labelkeep, lowercase, uppercase)");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

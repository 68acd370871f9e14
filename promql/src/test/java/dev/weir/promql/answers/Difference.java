package dev.weir.promql.answers;

/** What two answers disagree about. */
record Difference(Kind kind, String ours, String theirs) {
    enum Kind {
        /** One is an error and the other is not, or the types of values or errors differ. */
        OUTCOME,
        ERROR_TEXT,
        LABELS,
        TIMES,
        VALUES,
        ORDER,
        WARNINGS,
        INFOS
    }
}

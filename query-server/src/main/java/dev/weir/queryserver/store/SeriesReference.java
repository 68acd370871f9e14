package dev.weir.queryserver.store;

import dev.weir.series.Labels;

/**
 * A series as one who writes knows it: by its name, or as the store has it. Whoever keeps what {@link WriteBatch#series} gives
 * once the batch is stored, and uses it again, spares the store to look the series up. Immutable, for those outside the store.
 */
public sealed interface SeriesReference permits SeriesReference.Name, MemorySeries {
    String project();

    Labels labels();

    static SeriesReference of(String project, Labels labels) {
        return new Name(project, labels);
    }

    /** A series that the store has to look up. */
    record Name(String project, Labels labels) implements SeriesReference {}
}

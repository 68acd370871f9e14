package dev.weir.queryserver.store;

import dev.weir.series.Labels;
import org.jspecify.annotations.Nullable;

/**
 * A series as one who writes knows it. Whoever keeps the reference and uses it again spares the store to look the series up,
 * and shares the store's texts. Thread-safe.
 */
public class SeriesReference {
    /** Both are replaced by equal ones, so it does not matter which of them a thread sees. */
    private String project;

    private Labels labels;

    /** For the committing thread alone. */
    private @Nullable MemorySeries found;

    public SeriesReference(String project, Labels labels) {
        this.project = project;
        this.labels = labels;
    }

    public final String project() {
        return project;
    }

    public final Labels labels() {
        return labels;
    }

    /** The series in memory; looked up if it was not found before, or has gone since. Null if there is none. */
    final @Nullable MemorySeries find(SeriesTable table) {
        MemorySeries series = found;
        if (series == null || !series.isListed()) {
            series = table.find(project, labels);
            found = series;
            if (series != null) {
                project = series.project();
                labels = series.labels();
            }
        }
        return series;
    }
}

package dev.weir.queryserver.store;

import dev.weir.promql.storage.Queryable;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.queryserver.frontier.Frontiers;
import dev.weir.series.LabelMatcher;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The store as of the moment the view was opened, of one project or of all: every {@link #select} shows the same commits.
 * Close it soon: until then the store remembers that moment. Thread-safe.
 */
public final class StoreView implements Queryable, AutoCloseable {
    private final SeriesTable table;
    private final @Nullable String project;
    private final long commit;
    private final Frontiers frontiers;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    StoreView(SeriesTable table, @Nullable String project, long commit, Frontiers frontiers) {
        this.table = table;
        this.project = project;
        this.commit = commit;
        this.frontiers = frontiers;
    }

    /** The project this shows; null if it shows all. */
    public @Nullable String project() {
        return project;
    }

    /** The newest complete windows, no newer than the samples this shows. */
    public Frontiers frontiers() {
        return frontiers;
    }

    @Override
    public List<StoredSeries> select(List<LabelMatcher> matchers, long minTimestampMs, long maxTimestampMs) {
        return table.select(project, commit, matchers, minTimestampMs, maxTimestampMs);
    }

    /** What writers said of the metric families, for this project or for none in particular. */
    public List<MetricMetadata> metadata() {
        return table.metadataVisibleTo(project);
    }

    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            table.close(commit);
        }
    }
}

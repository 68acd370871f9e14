package dev.weir.queryserver.store;

import dev.weir.promql.storage.Queryable;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.queryserver.frontier.Frontiers;
import dev.weir.queryserver.store.block.BlockSet;
import dev.weir.series.LabelMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
    private final BlockSet blocks;
    private final Frontiers frontiers;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    StoreView(SeriesTable table, @Nullable String project, long commit, BlockSet blocks, Frontiers frontiers) {
        this.table = table;
        this.project = project;
        this.commit = commit;
        this.blocks = blocks;
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
        if (project != null) {
            return table.select(this, project, matchers, minTimestampMs, maxTimestampMs);
        }
        Set<String> projects = table.projects();
        projects.addAll(blocks.projects());
        List<List<StoredSeries>> byProject = new ArrayList<>();
        for (String one : projects) {
            List<StoredSeries> found = table.select(this, one, matchers, minTimestampMs, maxTimestampMs);
            if (!found.isEmpty()) {
                byProject.add(found);
            }
        }
        return MergedSeries.unite(byProject);
    }

    /** What writers said of the metric families, for this project or for none in particular. */
    public List<MetricMetadata> metadata() {
        return table.metadataVisibleTo(project);
    }

    long commit() {
        return commit;
    }

    BlockSet blocks() {
        return blocks;
    }

    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            blocks.letGo();
            table.close(commit);
        }
    }
}

package dev.weir.queryserver.store;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.queryserver.frontier.Freshness;
import dev.weir.queryserver.frontier.FrontierTracker;
import dev.weir.queryserver.frontier.Frontiers;
import dev.weir.series.FloatHistogram;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything in memory: series by project, metadata, frontiers, and the number of the newest commit. One thread changes
 * it, under the write lock; any number read.
 */
final class SeriesTable {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final TreeMap<String, ProjectSeries> projects = new TreeMap<>();
    private final MetadataTable metadata = new MetadataTable();
    private final FrontierTracker frontierTracker = new FrontierTracker();
    private final Freshness freshness = new Freshness();
    private final LabelPool labelPool = new LabelPool();
    private final OpenViews openViews = new OpenViews();
    private final AtomicLong seriesCount = new AtomicLong();
    private final AtomicLong chunkBytes = new AtomicLong();
    private long newestCommit;

    long seriesCount() {
        return seriesCount.get();
    }

    /** Bytes of compressed samples. */
    long chunkBytes() {
        return chunkBytes.get();
    }

    /** For the changing thread alone. */
    @Nullable
    MemorySeries find(String project, Labels labels) {
        ProjectSeries series = projects.get(project);
        return series == null ? null : series.get(labels);
    }

    /** For the changing thread alone. */
    boolean isNews(MetricMetadata one) {
        return metadata.isNews(one);
    }

    /** For the changing thread alone. */
    List<MetricMetadata> allMetadata() {
        return metadata.all();
    }

    /** Makes all staged samples of these series visible at once, with the series that are new, and the metadata. */
    void publish(Collection<MemorySeries> touched, Collection<MetricMetadata> news) {
        lock.writeLock().lock();
        try {
            newestCommit++;
            long oldestView = openViews.oldest();
            long grown = 0;
            SampleColumns newest = new SampleColumns();
            for (MemorySeries series : touched) {
                if (!series.hasStaged()) {
                    series.discardStaged();
                    continue;
                }
                if (find(series.project(), series.labels()) == null) {
                    addSeries(series);
                }
                grown += series.publish(newestCommit, oldestView);
                if (series.isFrontier()) {
                    observeFrontier(series, newest);
                }
            }
            chunkBytes.addAndGet(grown);
            news.forEach(metadata::put);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** A series that is in no index yet. For the changing thread alone. */
    MemorySeries newSeries(long id, String project, Labels labels) {
        return new MemorySeries(id, project, labelPool.shared(labels));
    }

    /** A series that the log defines; made if not there. Before the first reader only. */
    MemorySeries recoverSeries(long id, String project, Labels labels) {
        MemorySeries known = find(project, labels);
        if (known != null) {
            return known;
        }
        MemorySeries series = newSeries(id, project, labels);
        addSeries(series);
        return series;
    }

    /** Takes a sample that the log holds. Before the first reader only. */
    void recoverSample(MemorySeries series, long timestampMs, double value, @Nullable FloatHistogram histogram) {
        chunkBytes.addAndGet(series.recover(timestampMs, value, histogram));
    }

    void recoverMetadata(MetricMetadata one) {
        metadata.put(one);
    }

    /** Learns the frontiers from the newest samples of their series. */
    void recoverFrontiers() {
        SampleColumns newest = new SampleColumns();
        forEachSeries(series -> {
            if (series.isFrontier()) {
                observeFrontier(series, newest);
            }
        });
    }

    /** Forgets samples before {@code cutoffMs}, by whole chunks, and series without samples. Returns the bytes freed. */
    long dropBefore(long cutoffMs) {
        lock.writeLock().lock();
        try {
            long freed = 0;
            int removed = 0;
            for (ProjectSeries project : projects.values()) {
                for (MemorySeries series : project.all()) {
                    freed += series.dropBefore(cutoffMs);
                    if (series.isEmpty() && series.isFrontier()) {
                        frontierTracker.forget(series.project(), series.id());
                    }
                }
                removed += project.removeIf(MemorySeries::isEmpty);
            }
            projects.values().removeIf(project -> project.size() == 0);
            if (removed > 0) {
                labelPool.clear();
            }
            seriesCount.addAndGet(-removed);
            chunkBytes.addAndGet(-freed);
            return freed;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** For the changing thread alone. */
    void forEachSeries(Consumer<MemorySeries> action) {
        projects.values().forEach(project -> project.all().forEach(action));
    }

    /** What a reader sees from now on until it closes it; of one project, or of all if {@code project} is null. */
    StoreView open(@Nullable String project) {
        lock.readLock().lock();
        try {
            openViews.open(newestCommit);
            return new StoreView(this, project, newestCommit, frontierTracker.frontiers());
        } finally {
            lock.readLock().unlock();
        }
    }

    void close(long commit) {
        openViews.close(commit);
    }

    Frontiers frontiers() {
        lock.readLock().lock();
        try {
            return frontierTracker.frontiers();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Counts freshness by the frontiers of now on. */
    void followFrontiers(long nowMs) {
        freshness.follow(frontiers(), nowMs);
    }

    Freshness freshness() {
        return freshness;
    }

    List<MetricMetadata> metadataVisibleTo(@Nullable String project) {
        lock.readLock().lock();
        try {
            return metadata.visibleTo(project);
        } finally {
            lock.readLock().unlock();
        }
    }

    List<StoredSeries> select(
            @Nullable String project, long commit, List<LabelMatcher> matchers, long fromMs, long toMs) {
        lock.readLock().lock();
        try {
            if (project != null) {
                ProjectSeries series = projects.get(project);
                return series == null ? List.of() : select(series, commit, matchers, fromMs, toMs);
            }
            List<List<StoredSeries>> byProject = new ArrayList<>();
            for (ProjectSeries series : projects.values()) {
                List<StoredSeries> found = select(series, commit, matchers, fromMs, toMs);
                if (!found.isEmpty()) {
                    byProject.add(found);
                }
            }
            return MergedSeries.unite(byProject);
        } finally {
            lock.readLock().unlock();
        }
    }

    private static List<StoredSeries> select(
            ProjectSeries project, long commit, List<LabelMatcher> matchers, long fromMs, long toMs) {
        List<StoredSeries> found = new ArrayList<>();
        for (MemorySeries series : project.select(matchers)) {
            SeriesSnapshot snapshot = series.snapshot(commit);
            if (snapshot.overlaps(fromMs, toMs)) {
                found.add(snapshot);
            }
        }
        return found;
    }

    private void addSeries(MemorySeries series) {
        projects.computeIfAbsent(series.project(), p -> new ProjectSeries()).add(series);
        seriesCount.incrementAndGet();
    }

    private void observeFrontier(MemorySeries series, SampleColumns scratch) {
        scratch.clear();
        series.readNewest(scratch);
        if (scratch.size() > 0) {
            double value = scratch.histogram(0) == null ? scratch.value(0) : Double.NaN;
            frontierTracker.observe(series.project(), series.id(), value);
        }
    }

    /** For tests and metrics: series of each project. */
    Map<String, Integer> seriesByProject() {
        lock.readLock().lock();
        try {
            Map<String, Integer> counts = new TreeMap<>();
            projects.forEach((name, series) -> counts.put(name, series.size()));
            return counts;
        } finally {
            lock.readLock().unlock();
        }
    }
}

package dev.weir.queryserver.store;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.queryserver.frontier.Freshness;
import dev.weir.queryserver.frontier.FrontierTracker;
import dev.weir.queryserver.frontier.Frontiers;
import dev.weir.queryserver.store.RecordReader.Definition;
import dev.weir.queryserver.store.block.BlockSet;
import dev.weir.series.FloatHistogram;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The head and what it stands on: series in memory by project, metadata, frontiers, the number of the newest commit, and the
 * blocks that hold what is no longer in memory. One thread changes it, under the write lock; any number read.
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
    private BlockSet blocks;

    /** Sets that were current before the newest flush and may still be read, with all of the head. */
    private final List<BlockSet> earlierBlocks = new ArrayList<>();

    private int flushedEpoch;

    SeriesTable(BlockSet blocks) {
        this.blocks = blocks;
    }

    long seriesCount() {
        return seriesCount.get();
    }

    /** For the changing thread alone. */
    int seriesCount(String project) {
        ProjectSeries series = projects.get(project);
        return series == null ? 0 : series.size();
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

    /** For the changing thread alone. */
    BlockSet blocks() {
        return blocks;
    }

    /** As of now; its files may go at any time. */
    BlockSet currentBlocks() {
        lock.readLock().lock();
        try {
            return blocks;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** For the changing thread alone: what the blocks know of a sample. */
    MemorySeries.Presence presenceInBlocks(
            MemorySeries series, long timestampMs, double value, @Nullable FloatHistogram histogram) {
        SampleColumns stored = new SampleColumns();
        blocks.read(series.project(), series.labels(), timestampMs, timestampMs, stored);
        return MemorySeries.presenceOf(stored, value, histogram);
    }

    /** For the changing thread alone: lets a new series know the samples in blocks, if any can be in its way. */
    void rememberBlocks(MemorySeries series, long firstTimestampMs) {
        if (firstTimestampMs <= blocks.maxTimestampMs()) {
            Long newestMs = blocks.newestTimestampMs(series.project(), series.labels(), firstTimestampMs);
            if (newestMs != null) {
                series.startAfter(newestMs);
            }
        }
    }

    /**
     * Makes all that is staged visible at once, with the series that are new, and the metadata.
     *
     * @param epoch the stretch of the log that it is in
     */
    void publish(WriteStage stage, int epoch) {
        lock.writeLock().lock();
        try {
            newestCommit++;
            long oldestView = openViews.oldest();
            long grown = 0;
            SampleColumns newest = new SampleColumns();
            for (int i = 0; i < stage.entryCount(); i++) {
                MemorySeries series = stage.series(i);
                if (!series.isListed()) {
                    addSeries(series);
                }
                grown += series.publish(stage.samples(), stage.from(i), stage.to(i), newestCommit, oldestView, epoch);
                if (series.isFrontier()) {
                    observeFrontier(series, newest);
                }
            }
            chunkBytes.addAndGet(grown);
            stage.news().forEach(metadata::put);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** A series that is in no index yet. For the changing thread alone. */
    MemorySeries newSeries(long id, String project, Labels labels) {
        return new MemorySeries(id, project, labelPool.shared(labels));
    }

    /** What the labels of the series share. */
    LabelPool labelPool() {
        return labelPool;
    }

    /**
     * The series that a log record defines, of labels of the pool; made where there is none. All are looked up before any is
     * added, since memory finds many that do not wait for each other in the time of one. Before the first reader only.
     */
    void recoverSeries(List<Definition> definitions, List<MemorySeries> into) {
        List<@Nullable MemorySeries> known = new ArrayList<>(definitions.size());
        definitions.forEach(one -> known.add(find(one)));
        for (int i = 0; i < definitions.size(); i++) {
            MemorySeries series = known.get(i);
            into.add(series == null ? recoverSeries(definitions.get(i)) : series);
        }
    }

    private MemorySeries recoverSeries(Definition one) {
        MemorySeries known = find(one);
        if (known != null) {
            return known;
        }
        MemorySeries series = new MemorySeries(one.id(), one.project(), one.labels());
        projects.computeIfAbsent(one.project(), p -> new ProjectSeries()).add(series, one.hash());
        seriesCount.incrementAndGet();
        return series;
    }

    private @Nullable MemorySeries find(Definition one) {
        ProjectSeries series = projects.get(one.project());
        return series == null ? null : series.get(one.labels(), one.hash());
    }

    /** Takes note of bytes by which series have grown. Before the first reader only. */
    void recoveredBytes(long bytes) {
        chunkBytes.addAndGet(bytes);
    }

    void recoverMetadata(MetricMetadata one) {
        metadata.put(one);
    }

    /** Learns the frontiers from the newest samples of their series, in the log or in blocks. */
    void recoverFrontiers(SeriesIds ids) {
        SampleColumns newest = new SampleColumns();
        List<LabelMatcher> matchers =
                List.of(new LabelMatcher(LabelMatcher.Type.EQUAL, Labels.METRIC_NAME, FrontierTracker.METRIC));
        for (String project : blocks.projects()) {
            for (Labels labels : blocks.select(project, matchers, Long.MIN_VALUE, Long.MAX_VALUE)
                    .keySet()) {
                recoverFrontier(project, labels, ids, newest);
            }
        }
        for (ProjectSeries project : projects.values()) {
            for (MemorySeries series : project.select(matchers)) {
                if (!series.isEmpty()) {
                    observeFrontier(series, newest);
                }
            }
        }
    }

    private void recoverFrontier(String project, Labels labels, SeriesIds ids, SampleColumns scratch) {
        Long newestMs = blocks.newestTimestampMs(project, labels, Long.MIN_VALUE);
        if (newestMs == null || find(project, labels) != null) {
            return;
        }
        MemorySeries series = newSeries(ids.next(), project, labels);
        series.startAfter(newestMs);
        addSeries(series);
        scratch.clear();
        blocks.read(project, labels, newestMs, newestMs, scratch);
        observeFrontier(series, scratch);
    }

    /** The moment of a flush: all commits up to now. To be closed. */
    long openForFlush() {
        openViews.open(newestCommit);
        return newestCommit;
    }

    /** The samples that a flush takes of a series. */
    SeriesSnapshot snapshotForFlush(MemorySeries series, long commit) {
        lock.readLock().lock();
        try {
            return series.snapshot(commit, true);
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Lets readers from now on find in blocks what has been flushed.
     *
     * @param series those of which something was flushed
     * @param newestMs up to when, of each
     * @param epoch the stretch of the log that was flushed
     */
    void flushed(BlockSet withFlushed, List<MemorySeries> series, long[] newestMs, int epoch) {
        lock.writeLock().lock();
        try {
            for (int i = 0; i < newestMs.length; i++) {
                series.get(i).flushed(newestMs[i]);
            }
            flushedEpoch = epoch;
            useBlocks(withFlushed);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Changes the blocks without any change to what they hold, but for what has reached the end of its retention. */
    void replaceBlocks(BlockSet next) {
        lock.writeLock().lock();
        try {
            useBlocks(next);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void useBlocks(BlockSet next) {
        BlockSet before = blocks;
        blocks = next;
        before.letGo();
        earlierBlocks.add(before);
    }

    /**
     * Frees the memory of what has been flushed, and of series that got no sample since the flush before. Not before the last
     * view from before the flush is closed: returns whether that is so.
     */
    boolean trim() {
        earlierBlocks.removeIf(set -> !set.isHeld());
        if (earlierBlocks.stream().anyMatch(set -> set.generation() < blocks.generation())) {
            return false;
        }
        lock.writeLock().lock();
        try {
            forEachSeries(series -> chunkBytes.addAndGet(-series.trim()));
            removeSeries(series -> series.isEmpty() && !series.isActiveSince(flushedEpoch) && !series.isFrontier());
        } finally {
            lock.writeLock().unlock();
        }
        return true;
    }

    private void removeSeries(Predicate<MemorySeries> isGone) {
        int removed = 0;
        for (ProjectSeries project : projects.values()) {
            removed += project.removeIf(isGone);
        }
        projects.values().removeIf(project -> project.size() == 0);
        if (removed > 0) {
            labelPool.clear();
        }
        seriesCount.addAndGet(-removed);
    }

    /** Forgets samples in memory before {@code cutoffMs}, by whole chunks, and series that have nothing later. */
    void dropBefore(long cutoffMs) {
        lock.writeLock().lock();
        try {
            forEachSeries(series -> {
                chunkBytes.addAndGet(-series.dropBefore(cutoffMs));
                if (isOver(series, cutoffMs) && series.isFrontier()) {
                    frontierTracker.forget(series.project(), series.id());
                }
            });
            removeSeries(series -> isOver(series, cutoffMs));
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static boolean isOver(MemorySeries series, long cutoffMs) {
        return series.isEmpty() && series.lastTimestampMs() < cutoffMs;
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
            blocks.hold();
            return new StoreView(this, project, newestCommit, blocks, frontierTracker.frontiers());
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

    /** What a view shows of one project. */
    List<StoredSeries> select(StoreView view, String project, List<LabelMatcher> matchers, long fromMs, long toMs) {
        List<StoredSeries> found = new ArrayList<>();
        lock.readLock().lock();
        try {
            ProjectSeries series = projects.get(project);
            boolean seesBlocks = view.blocks().generation() >= blocks.generation();
            for (MemorySeries one : series == null ? List.<MemorySeries>of() : series.select(matchers)) {
                SeriesSnapshot snapshot = one.snapshot(view.commit(), seesBlocks);
                if (snapshot.overlaps(fromMs, toMs)) {
                    found.add(snapshot);
                }
            }
        } finally {
            lock.readLock().unlock();
        }
        return LayeredSeries.over(view.blocks().select(project, matchers, fromMs, toMs), found);
    }

    /** Every project that there is in memory. */
    Set<String> projects() {
        lock.readLock().lock();
        try {
            return new TreeSet<>(projects.keySet());
        } finally {
            lock.readLock().unlock();
        }
    }

    private void addSeries(MemorySeries series) {
        projects.computeIfAbsent(series.project(), p -> new ProjectSeries()).add(series);
        seriesCount.incrementAndGet();
    }

    private void observeFrontier(MemorySeries series, SampleColumns scratch) {
        if (!series.isEmpty()) {
            scratch.clear();
            series.readNewest(scratch);
        }
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

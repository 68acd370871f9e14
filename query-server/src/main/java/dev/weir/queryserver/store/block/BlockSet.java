package dev.weir.queryserver.store.block;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that there are at some moment, in the order of their flushes: a series' samples in one are all earlier than in
 * those after it. Immutable; held by whoever reads it, and its files stay until the last has let go.
 */
public final class BlockSet {
    private final List<Block> blocks;
    private final long generation;
    private final SelectionCache cache;
    private final long maxTimestampMs;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** @param generation grows whenever samples have moved from the head to a block */
    BlockSet(List<Block> blocks, long generation, SelectionCache cache) {
        this.blocks = List.copyOf(blocks);
        this.generation = generation;
        this.cache = cache;
        this.maxTimestampMs =
                blocks.stream().mapToLong(Block::maxTimestampMs).max().orElse(Long.MIN_VALUE);
        this.blocks.forEach(Block::hold);
    }

    public List<Block> blocks() {
        return blocks;
    }

    public long generation() {
        return generation;
    }

    /** Time of the newest sample in any block. */
    public long maxTimestampMs() {
        return maxTimestampMs;
    }

    /** Bytes on disk. */
    public long sizeBytes() {
        return blocks.stream().mapToLong(Block::sizeBytes).sum();
    }

    public Set<String> projects() {
        Set<String> projects = new TreeSet<>();
        blocks.forEach(block -> projects.addAll(block.projects()));
        return projects;
    }

    public void hold() {
        holders.incrementAndGet();
    }

    public void letGo() {
        if (holders.decrementAndGet() == 0) {
            blocks.forEach(Block::letGo);
        }
    }

    /** Whether anybody still reads it. */
    public boolean isHeld() {
        return holders.get() > 0;
    }

    /** By labels, the parts of each series that may have samples in this time, oldest first. */
    public Map<Labels, List<StoredSeries>> select(String project, List<LabelMatcher> matchers, long fromMs, long toMs) {
        Map<Labels, List<StoredSeries>> found = new HashMap<>();
        for (Block block : blocks) {
            if (!block.overlaps(fromMs, toMs)) {
                continue;
            }
            for (BlockSeries series : cache.select(block, project, matchers)) {
                if (series.overlaps(fromMs, toMs)) {
                    found.computeIfAbsent(series.labels(), labels -> new ArrayList<>(2))
                            .add(series);
                }
            }
        }
        return found;
    }

    /** Appends what the blocks hold of one series in this time. */
    public void read(String project, Labels labels, long fromMs, long toMs, SampleColumns into) {
        for (Block block : blocks) {
            if (block.overlaps(fromMs, toMs)) {
                BlockSeries series = block.find(project, labels);
                if (series != null) {
                    series.read(fromMs, toMs, into);
                }
            }
        }
    }

    /** Time of a series' newest sample, if there is one at {@code sinceMs} or later; else null. */
    public @Nullable Long newestTimestampMs(String project, Labels labels, long sinceMs) {
        for (int i = blocks.size() - 1; i >= 0; i--) {
            Block block = blocks.get(i);
            BlockSeries series = block.overlaps(sinceMs, Long.MAX_VALUE) ? block.find(project, labels) : null;
            if (series != null) {
                SampleColumns samples = new SampleColumns();
                series.read(sinceMs, Long.MAX_VALUE, samples);
                if (samples.size() > 0) {
                    return samples.timestampMs(samples.size() - 1);
                }
            }
        }
        return null;
    }
}

package dev.weir.queryserver.store.block;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Makes one block of several that follow each other: a series' chunks become few and large, and what is older than the
 * retention goes, series of which nothing is left with it.
 */
final class BlockMerger {
    /** A chunk that is this full is taken as it is. */
    private static final int FULL_FLOATS = ChunkCodec.MAX_FLOATS * 3 / 4;

    private final List<Block> blocks;
    private final long oldestKeptMs;
    private final List<StoredChunk> merged = new ArrayList<>();
    private final List<StoredChunk> parts = new ArrayList<>();
    private final SampleColumns pending = new SampleColumns();
    private final SampleColumns one = new SampleColumns();

    BlockMerger(List<Block> blocks, long oldestKeptMs) {
        this.blocks = blocks;
        this.oldestKeptMs = oldestKeptMs;
    }

    void run(BlockWriter writer) throws IOException {
        TreeSet<String> projects = new TreeSet<>();
        blocks.forEach(block -> projects.addAll(block.projects()));
        for (String project : projects) {
            merge(project, writer);
        }
    }

    private void merge(String project, BlockWriter writer) throws IOException {
        List<SeriesScan> scans = new ArrayList<>();
        for (Block block : blocks) {
            Partition partition = block.partition(project);
            if (partition != null) {
                scans.add(new SeriesScan(block, partition));
            }
        }
        while (true) {
            Labels least = null;
            for (SeriesScan scan : scans) {
                BlockSeries series = scan.current();
                if (series != null && (least == null || series.labels().compareTo(least) < 0)) {
                    least = series.labels();
                }
            }
            if (least == null) {
                return;
            }
            mergeSeries(least, scans);
            writer.add(project, least, merged);
        }
    }

    private void mergeSeries(Labels labels, List<SeriesScan> scans) {
        merged.clear();
        for (SeriesScan scan : scans) {
            BlockSeries series = scan.current();
            if (series == null || !series.labels().equals(labels)) {
                continue;
            }
            parts.clear();
            series.chunks(oldestKeptMs, parts);
            for (StoredChunk part : parts) {
                add(series, part);
            }
            scan.next();
        }
        flushPending();
    }

    private void add(BlockSeries series, StoredChunk part) {
        one.clear();
        series.decode(part, one);
        if (one.size() == 0 || one.timestampMs(one.size() - 1) < oldestKeptMs) {
            return;
        }
        if (ChunkCodec.isFloats(part) && one.size() >= FULL_FLOATS) {
            flushPending();
            merged.add(new StoredChunk(part.bytes(), one.size(), one.timestampMs(0), one.timestampMs(one.size() - 1)));
            return;
        }
        copy(one, pending);
        if (pending.size() >= 4 * ChunkCodec.MAX_FLOATS) {
            flushPending();
        }
    }

    private static void copy(SampleColumns from, SampleColumns into) {
        for (int i = 0; i < from.size(); i++) {
            FloatHistogram histogram = from.histogram(i);
            if (histogram == null) {
                into.add(from.timestampMs(i), from.value(i));
            } else {
                into.add(from.timestampMs(i), histogram);
            }
        }
    }

    private void flushPending() {
        ChunkCodec.encode(pending, merged);
        pending.clear();
    }
}

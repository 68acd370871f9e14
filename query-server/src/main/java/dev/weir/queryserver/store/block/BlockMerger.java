package dev.weir.queryserver.store.block;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.series.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Makes one block of several that follow each other: chunks become few and large, and what is older than the
 * retention goes, series of which nothing is left with it.
 */
final class BlockMerger {
    private final List<Block> blocks;
    private final long oldestKeptMs;
    private final SampleColumns merged = new SampleColumns();

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
                if (series != null && (least == null || GroupOrder.INSTANCE.compare(series.labels(), least) < 0)) {
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
            if (series != null && series.labels().equals(labels)) {
                series.read(oldestKeptMs, Long.MAX_VALUE, merged);
                scan.next();
            }
        }
    }
}

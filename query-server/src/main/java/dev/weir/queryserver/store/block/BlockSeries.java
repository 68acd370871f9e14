package dev.weir.queryserver.store.block;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;

/**
 * One series of one block.
 *
 * @param groupAt where the index tells of its group's chunks
 * @param member its place in the group
 */
record BlockSeries(Block block, Labels labels, int groupAt, int member, int memberCount) implements StoredSeries {
    @Override
    public void read(long minTimestampMs, long maxTimestampMs, SampleColumns into) {
        if (!hasHistograms()) {
            read(false, minTimestampMs, maxTimestampMs, into);
            return;
        }
        SampleColumns floats = new SampleColumns();
        SampleColumns histograms = new SampleColumns();
        read(false, minTimestampMs, maxTimestampMs, floats);
        read(true, minTimestampMs, maxTimestampMs, histograms);
        int k = 0;
        for (int i = 0; i < floats.size(); i++) {
            for (; k < histograms.size() && histograms.timestampMs(k) < floats.timestampMs(i); k++) {
                copyHistogram(histograms, k, into);
            }
            into.add(floats.timestampMs(i), floats.value(i));
        }
        for (; k < histograms.size(); k++) {
            copyHistogram(histograms, k, into);
        }
    }

    /** Whether any chunk may hold a sample of this time. */
    boolean overlaps(long fromMs, long toMs) {
        GroupEntry chunks = block.group(groupAt, memberCount);
        while (chunks.next()) {
            if (chunks.has(member) && chunks.overlaps(fromMs, toMs)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasHistograms() {
        GroupEntry chunks = block.group(groupAt, memberCount);
        while (chunks.next()) {
            if (chunks.isHistograms() && chunks.has(member)) {
                return true;
            }
        }
        return false;
    }

    private void read(boolean readsHistograms, long fromMs, long toMs, SampleColumns into) {
        GroupEntry chunks = block.group(groupAt, memberCount);
        while (chunks.next()) {
            if (chunks.isHistograms() == readsHistograms && chunks.overlaps(fromMs, toMs) && chunks.has(member)) {
                block.read(chunks, chunks.placeOf(member), fromMs, toMs, into);
            }
        }
    }

    private static void copyHistogram(SampleColumns from, int index, SampleColumns into) {
        FloatHistogram histogram = from.histogram(index);
        if (histogram != null) {
            into.add(from.timestampMs(index), histogram);
        }
    }
}

package dev.weir.queryserver.store.block;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All series of one project in a block, one after another in their order, a few of them in memory at a time. */
final class SeriesScan {
    private static final int BATCH = 1024;
    private static final int MAX_TEXTS = 100_000;

    private final Block block;
    private final Partition partition;
    private final Map<Integer, String> texts = new HashMap<>();
    private final List<BlockSeries> batch = new ArrayList<>(BATCH);
    private int read;
    private int at = -1;

    SeriesScan(Block block, Partition partition) {
        this.block = block;
        this.partition = partition;
        next();
    }

    /** The series it is at; null behind the last. */
    @Nullable
    BlockSeries current() {
        return at < batch.size() ? batch.get(at) : null;
    }

    void next() {
        if (++at < batch.size()) {
            return;
        }
        batch.clear();
        at = 0;
        if (texts.size() > MAX_TEXTS) {
            texts.clear();
        }
        BitSet ordinals = new BitSet();
        int end = Math.min(read + BATCH, partition.seriesCount());
        ordinals.set(read, end);
        read = end;
        partition.addTo(batch, block, ordinals, texts);
    }
}

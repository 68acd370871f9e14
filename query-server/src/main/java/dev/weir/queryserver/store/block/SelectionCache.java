package dev.weir.queryserver.store.block;

import dev.weir.series.LabelMatcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers which series of a block were selected: blocks never change, and dashboards ask the same again and again. Holds at
 * most {@link #MAX_SERIES}, of which the ones used last. Thread-safe.
 */
final class SelectionCache {
    /** Some 10 MiB. */
    static final int MAX_SERIES = 50_000;

    private record Key(Block block, String project, List<LabelMatcher> matchers) {}

    private final Map<Key, List<BlockSeries>> selections = new LinkedHashMap<>(64, 0.75f, true);
    private int seriesCount;

    List<BlockSeries> select(Block block, String project, List<LabelMatcher> matchers) {
        Key key = new Key(block, project, List.copyOf(matchers));
        synchronized (this) {
            List<BlockSeries> known = selections.get(key);
            if (known != null) {
                return known;
            }
        }
        List<BlockSeries> selected = block.select(project, matchers);
        if (selected.size() <= MAX_SERIES / 4) {
            put(key, selected);
        }
        return selected;
    }

    /** Forgets the selections of a block that is no more. */
    synchronized void forget(Block block) {
        selections.entrySet().removeIf(entry -> {
            boolean isOfBlock = entry.getKey().block == block;
            seriesCount -= isOfBlock ? weight(entry.getValue()) : 0;
            return isOfBlock;
        });
    }

    private synchronized void put(Key key, List<BlockSeries> selected) {
        if (selections.putIfAbsent(key, selected) == null) {
            seriesCount += weight(selected);
        }
        var oldest = selections.entrySet().iterator();
        while (seriesCount > MAX_SERIES && oldest.hasNext()) {
            seriesCount -= weight(oldest.next().getValue());
            oldest.remove();
        }
    }

    /** An empty selection takes room too. */
    private static int weight(List<BlockSeries> selected) {
        return selected.size() + 4;
    }
}

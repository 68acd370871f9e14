package dev.weir.queryserver.store;

import java.util.TreeMap;

/** Which commits open views stand at. Thread-safe. */
final class OpenViews {
    private final TreeMap<Long, Integer> countByCommit = new TreeMap<>();

    synchronized void open(long commit) {
        countByCommit.merge(commit, 1, Integer::sum);
    }

    synchronized void close(long commit) {
        countByCommit.computeIfPresent(commit, (c, count) -> count == 1 ? null : count - 1);
    }

    /** The commit of the oldest open view; {@link Long#MAX_VALUE} if none is open. */
    synchronized long oldest() {
        return countByCommit.isEmpty() ? Long.MAX_VALUE : countByCommit.firstKey();
    }
}

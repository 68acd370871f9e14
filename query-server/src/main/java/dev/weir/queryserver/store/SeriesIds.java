package dev.weir.queryserver.store;

/** Hands out the numbers by which the log names series, never one twice. Used by the committing thread alone. */
final class SeriesIds {
    private long next = 1;

    long next() {
        return next++;
    }

    void markUsed(long id) {
        next = Math.max(next, id + 1);
    }
}

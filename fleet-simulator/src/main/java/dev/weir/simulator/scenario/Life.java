package dev.weir.simulator.scenario;

/**
 * One process of one pod, from its start to its end. Times are ms since the run began; a process may be older.
 *
 * @param seed of its load
 * @param slot the place in the fleet that it fills
 * @param pod name of its pod; processes of one pod follow each other at the same address
 * @param startMs when it starts, and serves
 * @param endMs when it ends
 */
record Life(long seed, int slot, String pod, long startMs, long endMs) {
    Life {
        if (endMs <= startMs) {
            throw new IllegalArgumentException("endMs: " + endMs + " (expected: > startMs " + startMs + ")");
        }
    }
}

package dev.weir.delivery;

import java.time.InstantSource;

/**
 * How far delivery is behind: the age of the oldest record that waits; while none waits, the age that the last one had when
 * it was answered, so that it shows a back-fill between two requests too. Written by one thread, read by any.
 */
final class Lag {
    /** A state as one reference, so that a reader never sees half of it. */
    private record State(boolean waits, long ms) {}

    private final InstantSource clock;
    private volatile State state = new State(false, 0);

    Lag(InstantSource clock) {
        this.clock = clock;
    }

    void waitsSince(long appendTimeMs) {
        state = new State(true, appendTimeMs);
    }

    void deliveredUpTo(long appendTimeMs) {
        state = new State(false, clock.millis() - appendTimeMs);
    }

    /** In milliseconds; never negative. */
    long ms() {
        State now = state;
        return Math.max(0, now.waits() ? clock.millis() - now.ms() : now.ms());
    }
}

package dev.weir.delivery;

import java.time.Duration;

/** Waits; tests do not. */
@FunctionalInterface
interface Pause {
    Pause REAL = duration -> Thread.sleep(duration.toMillis());

    void sleep(Duration duration) throws InterruptedException;
}

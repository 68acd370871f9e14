package dev.weir.e2e;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waiting for a condition on a running system, with a limit that fails the test. */
final class Until {
    private static final long POLL_MS = 250;

    private Until() {}

    /** The first observed value that satisfies the condition. */
    static <T> T holds(String what, Duration limit, Supplier<T> observe, Predicate<T> condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        T seen = observe.get();
        while (!condition.test(seen)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + limit + ": " + what + seen);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
            seen = observe.get();
        }
        return seen;
    }
}

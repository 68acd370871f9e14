package dev.weir.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Lets at most one message pass per period, and counts those it held back. Not safe for use by several threads. */
final class WarnSampler {
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private final InstantSource clock;
    private Instant next = Instant.MIN;
    private long heldBack;

    WarnSampler(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether to warn now. */
    boolean permits() {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            heldBack++;
            return false;
        }
        next = now.plus(PERIOD);
        return true;
    }

    /** What to add to a warning: how many were held back since the last one. */
    String suffix() {
        String text = heldBack == 0 ? "" : " (" + heldBack + " like it not logged)";
        heldBack = 0;
        return text;
    }
}

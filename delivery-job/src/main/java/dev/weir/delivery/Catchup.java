package dev.weir.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens while delivery is more than {@link #BEHIND} behind, because a receiver is new or was down: no more samples a
 * second than agreed, so that it and what stands before it are not flooded, and a word now and then about how far it is. Not
 * safe for use by several threads.
 */
final class Catchup {
    static final Duration BEHIND = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Catchup.class);

    private final String receiver;
    private final int samplesPerSecond;
    private final InstantSource clock;
    private final Pause pause;
    private final WarnSampler progress;
    private Instant notBefore = Instant.MIN;
    private boolean behind;
    private long samples;

    /** @param samplesPerSecond 0: no limit */
    Catchup(String receiver, int samplesPerSecond, InstantSource clock, Pause pause) {
        this.receiver = receiver;
        this.samplesPerSecond = samplesPerSecond;
        this.clock = clock;
        this.pause = pause;
        this.progress = new WarnSampler(clock);
    }

    /** Returns when a request with samples appended at {@code appendTimeMs} may be sent; at once for present ones. */
    void await(long appendTimeMs, int requestSamples) throws InterruptedException {
        Instant now = clock.instant();
        if (lag(appendTimeMs, now).compareTo(BEHIND) <= 0) {
            return;
        }
        if (notBefore.isAfter(now)) {
            pause.sleep(Duration.between(now, notBefore));
            now = clock.instant();
        }
        if (samplesPerSecond > 0) {
            notBefore = now.plusNanos((long) (requestSamples * 1e9 / samplesPerSecond));
        }
    }

    /** Takes note that all up to the record of {@code appendTimeMs} has an answer. */
    void delivered(long appendTimeMs, int requestSamples) {
        Duration lag = lag(appendTimeMs, clock.instant());
        samples += requestSamples;
        if (lag.compareTo(BEHIND) > 0) {
            behind = true;
            if (progress.permits()) {
                progress.suffix();
                LOG.info(
                        "receiver {}: {} behind, {} samples so far; now at {}",
                        receiver,
                        Duration.ofSeconds(lag.toSeconds()),
                        samples,
                        Instant.ofEpochMilli(appendTimeMs));
            }
        } else if (behind) {
            behind = false;
            LOG.info("receiver {}: caught up after {} samples", receiver, samples);
        }
    }

    private static Duration lag(long appendTimeMs, Instant now) {
        return Duration.between(Instant.ofEpochMilli(appendTimeMs), now);
    }
}

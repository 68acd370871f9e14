package dev.weir.delivery;

import dev.weir.schemas.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A client and its bisection around a transport, with a clock that only waiting moves. */
final class Delivery {
    final CountingMetrics metrics = new CountingMetrics();
    final List<DeadLetter> deadLetters = new ArrayList<>();
    final List<Duration> waits = new ArrayList<>();
    final RemoteWriteClient client;
    final Bisection bisection;
    Instant now = Instant.EPOCH;

    /** A job attempt that began at {@code attemptStart}. */
    Delivery(Transport transport, Instant attemptStart) {
        InstantSource clock = () -> now;
        Pause pause = duration -> {
            waits.add(duration);
            now = now.plus(duration);
        };
        client = new RemoteWriteClient(
                "test",
                transport,
                new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofMinutes(2)),
                new RemoteWriteClient.Surroundings(clock, pause, new SplittableRandom(1)),
                metrics);
        bisection = new Bisection("test", client, deadLetters::add, metrics, attemptStart, clock);
    }
}

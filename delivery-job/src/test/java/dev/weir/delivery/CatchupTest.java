package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatchupTest {
    private Instant now = Instant.ofEpochSecond(10_000);
    private final List<Duration> waits = new ArrayList<>();

    @Test
    void sendsNoMoreSamplesASecondThanAgreedWhileItIsBehind() throws Exception {
        Catchup catchup = catchup(1000);
        Instant start = now;
        for (int request = 0; request < 20; request++) {
            catchup.await(1_000_000, 500);
        }
        assertEquals(Duration.ofMillis(19 * 500), Duration.between(start, now));
    }

    @Test
    void waitsOnlyForWhatTheRequestItselfDidNotTake() throws Exception {
        Catchup catchup = catchup(1000);
        catchup.await(1_000_000, 500);
        now = now.plusMillis(400);
        catchup.await(1_000_000, 500);
        now = now.plusMillis(600);
        catchup.await(1_000_000, 500);
        assertEquals(List.of(Duration.ofMillis(100)), waits);
    }

    @Test
    void neverHoldsUpWhatIsPresentNorAnythingWithoutALimit() throws Exception {
        Catchup present = catchup(1);
        Catchup unlimited = catchup(0);
        for (int request = 0; request < 10; request++) {
            present.await(now.toEpochMilli() - Catchup.BEHIND.toMillis(), 1_000_000);
            unlimited.await(0, 1_000_000);
        }
        assertEquals(List.of(), waits);
    }

    @Test
    void lagIsTheAgeOfTheOldestThatWaitsElseThatOfTheLastWhenItWasAnswered() {
        Lag lag = new Lag(() -> now);
        assertEquals(0, lag.ms());
        lag.waitsSince(now.toEpochMilli() - 3_000);
        now = now.plusSeconds(2);
        assertEquals(5_000, lag.ms());
        lag.deliveredUpTo(now.toEpochMilli() - 4_000);
        now = now.plusSeconds(60);
        assertEquals(4_000, lag.ms());
        lag.waitsSince(now.toEpochMilli() + 1_000);
        assertEquals(0, lag.ms());
    }

    private Catchup catchup(int samplesPerSecond) {
        return new Catchup("test", samplesPerSecond, () -> now, wait -> {
            waits.add(wait);
            now = now.plus(wait);
        });
    }
}

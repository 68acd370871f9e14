package dev.weir.ingest.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TickerTest {
    private static final TickSchedule SCHEDULE = new TickSchedule("s", 5_000, 15_000);

    private final SetClock clock = new SetClock();
    private final RecordingTimer timer = new RecordingTimer();
    private final List<TickSchedule> due = new ArrayList<>();
    private final Ticker ticker = new Ticker(timer, clock, due::add);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void firstTickWaitsForTheHoldAndTheNextComeEachWindow() {
        clock.nowMs = 100_000;
        ticker.follow(SCHEDULE);
        assertEquals(List.of(17_050L), timer.delaysMs);
        clock.nowMs = 117_050;
        timer.runLast();
        assertEquals(List.of(SCHEDULE), due);
        assertEquals(5_000, timer.delaysMs.get(1));
    }

    @Test
    void tickThatWaitsIsNotAskedForAgain() {
        ticker.follow(SCHEDULE);
        timer.runLast();
        timer.runLast();
        assertEquals(1, due.size());
        ticker.taken();
        timer.runLast();
        assertEquals(2, due.size());
        assertEquals(4, timer.delaysMs.size(), "each turn plans the next");
    }

    @Test
    void newScheduleReplacesTheOldOne() {
        ticker.follow(SCHEDULE);
        Runnable stale = timer.last;
        ticker.follow(new TickSchedule("t", 1_000, 0));
        stale.run();
        assertEquals(List.of(), due);
        timer.runLast();
        assertEquals("t", due.get(0).scraperId());
    }

    @Test
    void clockThatIsSetBackDoesNotSilenceTheTicks() {
        clock.nowMs = 1_000_000_000;
        ticker.follow(SCHEDULE);
        clock.nowMs = 5_000;
        timer.runLast();
        assertEquals(2_050, timer.delaysMs.get(1));
    }

    private static final class SetClock extends Clock {
        private long nowMs;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs);
        }
    }

    /** Keeps what is planned and runs it only when told to. */
    private static final class RecordingTimer extends ScheduledThreadPoolExecutor {
        private final List<Long> delaysMs = new ArrayList<>();
        private Runnable last = () -> {};

        RecordingTimer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            delaysMs.add(unit.toMillis(delay));
            last = command;
            return super.schedule(() -> {}, 1, TimeUnit.DAYS);
        }

        void runLast() {
            last.run();
        }
    }
}

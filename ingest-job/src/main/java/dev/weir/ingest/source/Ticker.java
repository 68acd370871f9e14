package dev.weir.ingest.source;

import java.time.Clock;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says when to tick: shortly after each window may close, by the clock's present time at each turn, so that a clock that is
 * set does not silence it. A tick that was not taken yet is not asked for again. Safe for use by several threads.
 */
final class Ticker {
    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final Consumer<TickSchedule> due;
    private final AtomicBoolean pending = new AtomicBoolean();
    private long generation;
    private @Nullable Future<?> next;

    /** @param due called by the timer's thread; answers with {@link #taken} */
    Ticker(ScheduledExecutorService timer, Clock clock, Consumer<TickSchedule> due) {
        this.timer = timer;
        this.clock = clock;
        this.due = due;
    }

    /** Ticks by {@code newSchedule} from now on, and no longer by an earlier one. */
    synchronized void follow(TickSchedule newSchedule) {
        if (next != null) {
            next.cancel(false);
        }
        generation++;
        plan(newSchedule, clock.millis() + newSchedule.holdMs());
    }

    /** The tick is on its way; the next one may be asked for. */
    void taken() {
        pending.set(false);
    }

    private void plan(TickSchedule present, long earliestMs) {
        long delayMs = present.delayMs(clock.millis(), earliestMs);
        long planned = generation;
        next = timer.schedule(() -> turn(present, planned), delayMs, TimeUnit.MILLISECONDS);
    }

    private synchronized void turn(TickSchedule present, long planned) {
        if (planned != generation) {
            return;
        }
        if (pending.compareAndSet(false, true)) {
            due.accept(present);
        }
        plan(present, clock.millis() + 1);
    }
}

package dev.weir.ingest.source;

import dev.weir.ingest.discovery.Target;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** One target's place in a reader: when it is due, and whether its last scrape is still on its way. */
final class ScrapeLoop {
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean lastBegan = new AtomicBoolean();
    private volatile TargetSplit split;
    private volatile boolean ended;
    private volatile boolean lastIsWord;
    private @Nullable Future<?> schedule;

    ScrapeLoop(TargetSplit split) {
        this.split = split;
    }

    /**
     * Milliseconds from {@code nowMs} to the target's next turn. Turns are an interval apart, at an offset that follows
     * from the target's identity, so that scrapes are spread evenly and keep their place over restarts.
     */
    static long delayMs(Target target, long nowMs) {
        CRC32C hash = new CRC32C();
        hash.update(target.identity().getBytes(StandardCharsets.UTF_8));
        long offsetMs = hash.getValue() % target.intervalMs();
        return Math.floorMod(offsetMs - nowMs, target.intervalMs());
    }

    TargetSplit split() {
        return split;
    }

    /** Goes on with other labels or times. */
    void change(TargetSplit newSplit) {
        split = newSplit;
    }

    void schedule(Future<?> newSchedule) {
        if (schedule != null) {
            schedule.cancel(false);
        }
        schedule = newSchedule;
    }

    /**
     * No turn comes after this but the last one.
     *
     * @param word whether what the last turn brings is the process's last word
     */
    void stop(boolean word) {
        lastIsWord = word;
        ended = true;
        if (schedule != null) {
            schedule.cancel(false);
        }
    }

    boolean isStopped() {
        return ended;
    }

    /** Whether the last turn may begin; only once. */
    boolean beginLast() {
        return lastBegan.compareAndSet(false, true);
    }

    boolean lastIsWord() {
        return lastIsWord;
    }

    /** Whether a scrape may begin; if so, none other may until {@link #end}. */
    boolean begin() {
        return busy.compareAndSet(false, true);
    }

    /** The scrape's event was taken. */
    void end() {
        busy.set(false);
    }
}

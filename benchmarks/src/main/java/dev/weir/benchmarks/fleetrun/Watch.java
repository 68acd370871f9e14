package dev.weir.benchmarks.fleetrun;

import dev.weir.benchmarks.sidebyside.ProcessCpu;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Looks at Weir each second and says each minute what it saw; in the end, whether all is within its bounds. */
final class Watch {
    /** The live heap is taken at its end, when caches and the windows under way have their size, and in the last one. */
    static final int FIRST_HEAP_MINUTE = 3;

    /** The first, in which Weir starts, does not count. */
    private static final int START_SECONDS = 60;

    private static final double FRESHNESS_BOUND_SECONDS = 15;
    private static final double GROWTH_BOUND = 1.1;
    /** Of the scrapes due; one at the edge of a minute may fall to the next. */
    private static final double SCRAPES_BOUND = 0.99;

    private static final double BYTES_PER_MIB = 1 << 20;

    private final WeirProcess weir;
    private final Process fleet;
    private final int pods;
    private final int intervalSeconds;
    private final List<Double> freshness = new ArrayList<>();
    private final List<Long> heaps = new ArrayList<>();
    private double leastShare = Double.POSITIVE_INFINITY;
    private double weirCpu;
    private double fleetCpu;

    Watch(WeirProcess weir, Process fleet, int pods, int intervalSeconds) {
        this.weir = weir;
        this.fleet = fleet;
        this.pods = pods;
        this.intervalSeconds = intervalSeconds;
    }

    /** @param directory takes what was found on the heap */
    void run(int minutes, Path directory) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        fleetCpu = ProcessCpu.seconds(fleet.pid());
        for (int second = 1; second <= minutes * 60; second++) {
            TimeUnit.NANOSECONDS.sleep(startNanos + Duration.ofSeconds(second).toNanos() - System.nanoTime());
            weir.requireAlive();
            double behind = weir.freshnessSeconds().orElse(Double.POSITIVE_INFINITY);
            if (second > START_SECONDS) {
                freshness.add(behind);
            }
            if (second % 60 == 0) {
                int minute = second / 60;
                tell(minute, behind);
                if (minute == FIRST_HEAP_MINUTE || minute == minutes) {
                    heaps.add(weir.liveHeapBytes(directory.resolve("heap-at-minute-" + minute)));
                }
            }
        }
    }

    private void tell(int minute, double behind) throws IOException, InterruptedException {
        double share = weir.query("sum(count_over_time(up[1m]))") * intervalSeconds / (60.0 * pods);
        if (minute > 1) {
            leastShare = Math.min(leastShare, share);
        }
        double weirBefore = weirCpu;
        double fleetBefore = fleetCpu;
        weirCpu = weir.cpuSeconds();
        fleetCpu = ProcessCpu.seconds(fleet.pid());
        say(
                "minute %2d: %.0f of %d pods up, %.1f %% of the scrapes due, %.1f s behind; cores: %.2f weir, %.2f fleet",
                minute,
                weir.query("sum(up)"),
                pods,
                100 * share,
                behind,
                (weirCpu - weirBefore) / 60,
                (fleetCpu - fleetBefore) / 60);
    }

    /** Says how it went; whether all is within its bounds. */
    boolean report() {
        freshness.sort(null);
        double p99 = freshness.get((int) Math.ceil(0.99 * freshness.size()) - 1);
        double growth = (double) heaps.get(1) / heaps.get(0);
        say(
                "scrapes: in each minute %.1f %% or more of those due (expected: %.0f %%)",
                100 * leastShare, 100 * SCRAPES_BOUND);
        say(
                "now less the frontier: half of the time %.1f s, p99 %.1f s, at most %.1f s (expected: p99 up to %.0f s)",
                freshness.get(freshness.size() / 2), p99, freshness.get(freshness.size() - 1), FRESHNESS_BOUND_SECONDS);
        say(
                "live heap: %.1f MiB, then %.1f MiB, so %.3f times (expected: up to %.1f times)",
                heaps.get(0) / BYTES_PER_MIB, heaps.get(1) / BYTES_PER_MIB, growth, GROWTH_BOUND);
        return leastShare >= SCRAPES_BOUND && p99 <= FRESHNESS_BOUND_SECONDS && growth <= GROWTH_BOUND;
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}

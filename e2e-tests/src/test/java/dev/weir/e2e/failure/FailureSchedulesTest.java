package dev.weir.e2e.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Task managers, job managers, brokers and receivers fail at random moments and inside checkpoints, over a feed with churn,
 * duplicates and disorder; the output is what the feed comes to, no counter goes backwards, no point has two values.
 *
 * <p>{@code docs/failures.md} tells how to run more seeds, and what came of a hundred.
 */
@Timeout(3_600)
class FailureSchedulesTest {
    /** These have every kind of failure; the longest run comes first. */
    private static final List<Long> FEW = List.of(14L, 3L, 2L, 5L, 7L);

    private static final long FIRST = Long.getLong("weir.failures.first", 1);
    private static final int SEEDS = Integer.getInteger("weir.failures.seeds", 0);
    private static final int SIDE_BY_SIDE = Integer.getInteger("weir.failures.side-by-side", 3);
    private static final boolean LONG_PAUSE = Boolean.getBoolean("weir.failures.long-pause");
    private static final @Nullable String TABLE = System.getProperty("weir.failures.table");

    @Test
    void theOutputIsThatOfTheFeedWhateverFails(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
            throws Exception {
        BlockingQueue<FailureSchedule> schedules = new LinkedBlockingQueue<>();
        if (SEEDS == 0) {
            FEW.forEach(seed -> schedules.add(FailureSchedule.of(seed, LONG_PAUSE)));
            // Not at random, since they ask for more than patience.
            schedules.add(FailureSchedule.ofOne(-1, FailureSchedule.Kind.CLUSTER_AND_CHECKPOINT));
            schedules.add(FailureSchedule.ofOne(-2, FailureSchedule.Kind.CLUSTER_AND_OFFSETS));
        }
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            schedules.add(FailureSchedule.of(seed, LONG_PAUSE));
        }
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        ExecutorService workers = Executors.newFixedThreadPool(SIDE_BY_SIDE);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int worker = 0; worker < SIDE_BY_SIDE; worker++) {
                Path own = Files.createDirectories(folder.resolve("worker-" + worker));
                all.add(workers.submit(() -> {
                    work(own, schedules, wrong);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            workers.shutdownNow();
        }
        assertEquals(List.of(), List.copyOf(wrong));
    }

    private static void work(Path folder, BlockingQueue<FailureSchedule> schedules, ConcurrentLinkedQueue<String> wrong)
            throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("kafka"));
                Cluster cluster = new Cluster(FailureRun.WINDOW)) {
            for (FailureSchedule next = schedules.poll(); next != null; next = schedules.poll()) {
                FailureSchedule schedule = next;
                long beganMs = System.currentTimeMillis();
                FailureRun.Result result =
                        FailureRun.of(schedule, broker, cluster, folder.resolve("seed-" + schedule.seed()));
                report(result, System.currentTimeMillis() - beganMs);
                result.wrong().forEach(text -> wrong.add("seed " + schedule.seed() + ": " + text));
            }
        }
    }

    private static synchronized void report(FailureRun.Result result, long tookMs) {
        System.out.println("seed " + result.schedule().seed() + ": " + tookMs / 1_000.0 + " s " + result.row());
        if (TABLE != null) {
            try {
                Files.writeString(
                        Path.of(TABLE), result.row() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

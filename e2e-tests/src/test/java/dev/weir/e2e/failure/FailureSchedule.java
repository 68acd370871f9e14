package dev.weir.e2e.failure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What fails when, all of it following from a seed.
 *
 * @param seed of everything, the feed included
 * @param failures by the time at which they begin
 */
record FailureSchedule(long seed, List<Failure> failures) {
    /** Failures begin within this time of the feed's begin. */
    private static final int FAILING_MS = 7_000;
    /** At first the jobs run well, so that there is something to lose. */
    private static final int CALM_MS = 1_500;

    /** What can fail. */
    enum Kind {
        TASK_MANAGER,
        JOB_MANAGER,
        DELIVERY_JOB_MANAGER,
        CLUSTER,
        BROKER_KILLED,
        BROKER_PAUSED,
        RECEIVER,
        /** All of Flink, and the newest checkpoint of the aggregation job; never at random. */
        CLUSTER_AND_CHECKPOINT,
        /** All of Flink, for so long that scrapes expire; never at random. */
        CLUSTER_AND_OFFSETS
    }

    private static final List<Kind> AT_RANDOM = List.of(Kind.values()).subList(0, 7);

    /**
     * One failure.
     *
     * @param atMs from the feed's begin
     * @param kind what fails
     * @param lengthMs for how long, where that can be chosen
     * @param receiver how the receiver fails, if it is that
     * @param inCheckpointMs how long after the begin of a checkpoint; below 0: whenever it is
     */
    record Failure(int atMs, Kind kind, int lengthMs, Receiver.Mode receiver, int inCheckpointMs) {
        @Override
        public String toString() {
            String what = kind == Kind.RECEIVER
                    ? "receiver " + receiver.name().toLowerCase(java.util.Locale.ROOT)
                    : kind.name().toLowerCase(java.util.Locale.ROOT);
            String length = kind == Kind.BROKER_PAUSED || kind == Kind.BROKER_KILLED || kind == Kind.RECEIVER
                    ? " for " + lengthMs / 1000.0 + " s"
                    : "";
            String when = inCheckpointMs < 0 ? "" : ", " + inCheckpointMs + " ms into a checkpoint";
            return what.replace('_', ' ') + length + " at " + atMs / 1000.0 + " s" + when;
        }
    }

    /** One to four failures; with {@code longPause} the broker stands still for 60 s besides. */
    static FailureSchedule of(long seed, boolean longPause) {
        Random random = new Random(seed);
        List<Failure> failures = new ArrayList<>();
        // The first kind goes round, so that few seeds have them all.
        Kind first = AT_RANDOM.get(Math.floorMod(seed, AT_RANDOM.size()));
        failures.add(failure(random, first));
        for (int more = random.nextInt(4); more > 0; more--) {
            failures.add(failure(random, AT_RANDOM.get(random.nextInt(AT_RANDOM.size()))));
        }
        if (longPause) {
            failures.add(new Failure(CALM_MS + 500, Kind.BROKER_PAUSED, 60_000, Receiver.Mode.WELL, -1));
        }
        failures.sort(Comparator.comparingInt(Failure::atMs));
        return new FailureSchedule(seed, List.copyOf(failures));
    }

    /** One failure, after a few checkpoints. */
    static FailureSchedule ofOne(long seed, Kind kind) {
        return new FailureSchedule(seed, List.of(new Failure(5_000, kind, 1_500, Receiver.Mode.WELL, -1)));
    }

    /** Whether processes live on: of one that begins and ends in scrapes that expire nobody knows. */
    boolean withoutChurn() {
        return failures.stream().anyMatch(failure -> failure.kind() == Kind.CLUSTER_AND_OFFSETS);
    }

    private static Failure failure(Random random, Kind kind) {
        Receiver.Mode[] modes = Receiver.Mode.values();
        Receiver.Mode mode = kind == Kind.RECEIVER ? modes[1 + random.nextInt(modes.length - 1)] : Receiver.Mode.WELL;
        boolean inCheckpoint = kind != Kind.RECEIVER && random.nextBoolean();
        return new Failure(
                CALM_MS + random.nextInt(FAILING_MS - CALM_MS),
                kind,
                300 + random.nextInt(kind == Kind.BROKER_PAUSED ? 4_000 : 2_000),
                mode,
                inCheckpoint ? random.nextInt(60) : -1);
    }

    @Override
    public String toString() {
        return failures.stream().map(Failure::toString).collect(Collectors.joining("; "));
    }
}

package dev.weir.e2e.failure;

import dev.weir.aggregation.AggregationJob;
import dev.weir.aggregation.AggregationOptions;
import dev.weir.configuration.KafkaConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.delivery.DeliveryJob;
import dev.weir.delivery.DeliveryOptions;
import dev.weir.e2e.failure.FailureSchedule.Failure;
import dev.weir.standalone.broker.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One schedule on a broker, a cluster and a receiver: the jobs as they run in production, while all of it fails. */
final class FailureRun {
    static final Duration WINDOW = Duration.ofSeconds(1);
    private static final int PARTITIONS = 2;
    private static final int FEED_MS = 8_000;
    private static final long LIMIT_MS = 120_000;
    private static final long LONGEST_RELEASE_MS = 60_000;
    private static final String AGGREGATION = AggregationJob.NAME;
    private static final String DELIVERY = "delivery-receiver";

    private final FailureSchedule schedule;
    private final BrokerProcess broker;
    private final Cluster cluster;
    private final KafkaConfig kafka;
    private final Receiver receiver = Receiver.start();
    private final List<Action> due = new ArrayList<>();

    /** What is to be done when. */
    private record Action(long atNanos, Step step) {}

    @FunctionalInterface
    private interface Step {
        void take() throws Exception;
    }

    /**
     * What came of it.
     *
     * @param restarts attempts of the two jobs after the first ones
     * @param scrapes that counted
     * @param records in the topic of results
     * @param points that the receiver has
     * @param refused requests that the receiver had already
     * @param wrong what is not as it should be; empty if all is well
     */
    record Result(
            FailureSchedule schedule,
            int restarts,
            int scrapes,
            int records,
            int points,
            int refused,
            List<String> wrong) {
        String row() {
            return "| " + schedule.seed() + " | " + schedule + " | " + restarts + " | " + scrapes + " | " + records
                    + " | " + points + " | " + refused + " | " + (wrong.isEmpty() ? "as the oracle" : wrong.get(0))
                    + " |";
        }
    }

    private FailureRun(FailureSchedule schedule, BrokerProcess broker, Cluster cluster) throws Exception {
        this.schedule = schedule;
        this.broker = broker;
        this.cluster = cluster;
        String name = "weir-" + schedule.seed() + "-" + System.nanoTime();
        this.kafka = new KafkaConfig(
                broker.bootstrapServers(),
                Map.of(),
                new KafkaConfig.Topics(
                        name + ".scrapes", name + ".requests", name + ".series", name + ".dead-letters", PARTITIONS));
        Topics.ensure(kafka);
    }

    static Result of(FailureSchedule schedule, BrokerProcess broker, Cluster cluster, Path folder) throws Exception {
        FailureRun run = new FailureRun(schedule, broker, cluster);
        try {
            return run.run(folder);
        } finally {
            cluster.cancelJobs();
            run.receiver.close();
        }
    }

    private Result run(Path folder) throws Exception {
        submit(folder);
        try (SeriesTopic topic = new SeriesTopic(
                        broker.bootstrapServers(), kafka.topics().series(), PARTITIONS);
                Feed feed = new Feed(schedule.seed(), !schedule.withoutChurn(), kafka)) {
            long beginNanos = System.nanoTime();
            for (Failure failure : schedule.failures()) {
                at(beginNanos + TimeUnit.MILLISECONDS.toNanos(failure.atMs()), () -> begin(failure));
            }
            at(beginNanos + TimeUnit.MILLISECONDS.toNanos(FEED_MS), feed::calmDown);
            while (!due.isEmpty()) {
                Action next = due.stream()
                        .min((a, b) -> Long.compare(a.atNanos(), b.atNanos()))
                        .orElseThrow();
                due.remove(next);
                parkUntil(next.atNanos());
                next.step().take();
            }
            List<String> wrong = new ArrayList<>();
            awaitAll(wrong, topic, feed);
            wrong.addAll(differences(feed.truth().totals(), topic));
            wrong.addAll(backwards(topic));
            wrong.addAll(topic.violations());
            wrong.addAll(receiver.violations());
            return new Result(
                    schedule,
                    cluster.restarts(),
                    feed.truth().taken(),
                    topic.records(),
                    receiver.taken().values().stream().mapToInt(Map::size).sum(),
                    receiver.refused(),
                    wrong);
        }
    }

    private void submit(Path folder) throws Exception {
        WeirConfig config =
                WeirConfig.parse("""
                        aggregation: {window: 1s}
                        remote_write:
                        - {name: receiver, url: "%s", remote_timeout: 1s}
                        """.formatted(receiver.url()), "weir.yml").withKafka(kafka);
        DeliveryOptions delivery =
                DeliveryOptions.toReceiver(config, config.remoteWrite().get(0));
        cluster.submit(DELIVERY, folder.resolve("delivery"), env -> DeliveryJob.build(env, delivery));
        cluster.submit(
                AGGREGATION,
                folder.resolve("aggregation"),
                env -> AggregationJob.build(env, AggregationOptions.onBroker(config)));
    }

    private void at(long atNanos, Step step) {
        due.add(new Action(atNanos, step));
    }

    private void begin(Failure failure) throws Exception {
        if (failure.inCheckpointMs() >= 0) {
            cluster.beginCheckpoint(
                    failure.kind() == FailureSchedule.Kind.DELIVERY_JOB_MANAGER ? DELIVERY : AGGREGATION);
            parkUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(failure.inCheckpointMs()));
        }
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(failure.lengthMs());
        switch (failure.kind()) {
            case TASK_MANAGER -> cluster.loseTaskManager();
            case JOB_MANAGER -> cluster.loseJobManager(AGGREGATION);
            case DELIVERY_JOB_MANAGER -> cluster.loseJobManager(DELIVERY);
            case CLUSTER -> cluster.loseAll();
            case CLUSTER_AND_CHECKPOINT -> cluster.loseAllAndCheckpoint(AGGREGATION);
            case CLUSTER_AND_OFFSETS -> {
                cluster.lose();
                parkUntil(endNanos);
                expireScrapes();
                cluster.goOn();
            }
            case BROKER_KILLED -> {
                broker.kill();
                parkUntil(endNanos);
                broker.restart();
            }
            case BROKER_PAUSED -> {
                broker.pause();
                parkUntil(endNanos);
                broker.resume();
            }
            case RECEIVER -> {
                receiver.become(failure.receiver());
                at(endNanos, () -> receiver.become(Receiver.Mode.WELL));
            }
        }
    }

    /** What was written of scrapes so far is gone, as by retention. */
    private void expireScrapes() throws Exception {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                ends.put(new TopicPartition(kafka.topics().scrapes(), partition), OffsetSpec.latest());
            }
            Map<TopicPartition, RecordsToDelete> gone = new HashMap<>();
            admin.listOffsets(ends)
                    .all()
                    .get()
                    .forEach((partition, end) -> gone.put(partition, RecordsToDelete.beforeOffset(end.offset())));
            admin.deleteRecords(gone).all().get();
        }
    }

    private static void parkUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Until all is released, and the receiver has it. */
    private void awaitAll(List<String> wrong, SeriesTopic topic, Feed feed) {
        await(wrong, "the feed has no answer", feed::isAllThere);
        long endMs = feed.releasedByMs() + 2 * WINDOW.toMillis();
        await(wrong, "the windows do not close", () -> {
            topic.poll();
            long frontierMs = topic.frontierMs().orElse(Long.MIN_VALUE);
            // What a last word tells is released over the time that the broker was away, too.
            return frontierMs >= endMs + LONGEST_RELEASE_MS
                    || (frontierMs >= endMs
                            && differences(feed.truth().totals(), topic).isEmpty());
        });
        await(wrong, "the receiver lacks something", () -> {
            topic.poll();
            Map<Map<String, String>, NavigableMap<Long, String>> taken = receiver.taken();
            return topic.series().entrySet().stream()
                    .allMatch(entry -> upTo(taken.get(entry.getKey()), endMs).equals(upTo(entry.getValue(), endMs)));
        });
    }

    private static Map<Long, String> upTo(@Nullable NavigableMap<Long, String> points, long ms) {
        return points == null ? Map.of() : points.headMap(ms, true);
    }

    private static void await(List<String> wrong, String otherwise, BooleanSupplier condition) {
        if (!wrong.isEmpty()) {
            return;
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                wrong.add(otherwise);
                return;
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static List<String> backwards(SeriesTopic topic) {
        List<String> backwards = new ArrayList<>();
        topic.series().forEach((labels, points) -> {
            if (Truth.key(labels) == null) {
                return;
            }
            double former = Double.NEGATIVE_INFINITY;
            for (Map.Entry<Long, String> point : points.entrySet()) {
                double value = Double.parseDouble(point.getValue());
                if (!(value >= former)) {
                    backwards.add("from " + former + " back to " + value + " at " + point.getKey() + " of " + labels);
                }
                former = value;
            }
        });
        return backwards;
    }

    private static List<String> differences(Map<String, Double> expected, SeriesTopic topic) {
        Map<String, Double> actual = new TreeMap<>();
        topic.series().forEach((labels, points) -> {
            String key = Truth.key(labels);
            if (key != null) {
                actual.merge(key, Double.parseDouble(points.lastEntry().getValue()), Double::sum);
            }
        });
        List<String> differences = new ArrayList<>();
        Set<String> all = new TreeSet<>(expected.keySet());
        all.addAll(actual.keySet());
        for (String key : all) {
            double seen = actual.getOrDefault(key, 0.0);
            double value = expected.getOrDefault(key, 0.0);
            if (Math.abs(seen - value) > 1e-6) {
                differences.add(key + ": " + seen + " (expected: " + value + ")");
            }
        }
        return differences;
    }
}

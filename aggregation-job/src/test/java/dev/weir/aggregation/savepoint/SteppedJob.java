package dev.weir.aggregation.savepoint;

import dev.weir.aggregation.AggregationJob;
import dev.weir.aggregation.AggregationOptions;
import dev.weir.aggregation.group.SeriesRecord;
import dev.weir.aggregation.operator.InboundRecord;
import dev.weir.aggregation.operator.KafkaEnds;
import dev.weir.configuration.StateBackend;
import dev.weir.configuration.WeirConfig;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.jspecify.annotations.Nullable;

/**
 * The whole job over the known fleet, in steps: each goes on from the savepoint of the one before, perhaps at another
 * parallelism and in another state backend. One at a time.
 */
final class SteppedJob implements AutoCloseable {
    /** Rounds of scrapes in all, 15 s each. */
    static final int ROUNDS = 8;

    static final int REQUESTS = ROUNDS * 3;

    /** What reads; it is not rescaled, since each source is one partition and a subtask without one would end. */
    private static final Set<String> ONE_PARTITION =
            Set.of("scrapes", "event-router", "requests", "request-router", "dead-letter-sink");

    private static final int SCRAPES = 0;
    private static final int REQUEST_EVENTS = 1;
    private static final Queue<SeriesRecord> OUTPUT = new ConcurrentLinkedQueue<>();
    /** How many records of each source have been read. */
    private static final AtomicLongArray READ = new AtomicLongArray(2);

    private static volatile Step step = new Step(0);

    /** How far the job may read, and who waits for it to have done so. */
    private record Step(long rounds, CompletableFuture<Void> scrapes, CompletableFuture<Void> requests) {
        Step(long rounds) {
            this(rounds, new CompletableFuture<>(), new CompletableFuture<>());
        }
    }

    private final MiniCluster cluster;

    SteppedJob() throws Exception {
        OUTPUT.clear();
        READ.set(SCRAPES, 0);
        READ.set(REQUEST_EVENTS, 0);
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(4)
                .withRandomPorts()
                .build());
        cluster.start();
    }

    /**
     * Goes on until so many rounds have been read, and stops with a savepoint.
     *
     * @param from savepoint; null for a first start
     * @return the new savepoint
     */
    String stepTo(long rounds, StateBackend backend, int parallelism, @Nullable String from, Path folder)
            throws Exception {
        step = new Step(rounds);
        JobID job = submit(backend, parallelism, from);
        CompletableFuture.allOf(step.scrapes(), step.requests()).get(60, TimeUnit.SECONDS);
        CommonTestUtils.waitForAllTaskRunning(cluster, job, false);
        String savepoint = cluster.stopWithSavepoint(
                        job, folder.toUri().toString(), false, SavepointFormatType.CANONICAL)
                .get(60, TimeUnit.SECONDS);
        cluster.requestJobResult(job).get(60, TimeUnit.SECONDS);
        return savepoint;
    }

    /** Goes on to the end of all input. */
    Points finish(StateBackend backend, int parallelism, @Nullable String from) throws Exception {
        step = new Step(Long.MAX_VALUE);
        JobID job = submit(backend, parallelism, from);
        cluster.requestJobResult(job)
                .get(60, TimeUnit.SECONDS)
                .toJobExecutionResult(getClass().getClassLoader());
        return new Points(OUTPUT);
    }

    private JobID submit(StateBackend backend, int parallelism, @Nullable String from) throws Exception {
        Configuration settings = Configuration.fromMap(backend.flinkOptions());
        // All of a savepoint in one file.
        settings.setString("execution.checkpointing.data-inline-threshold", "1mb");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.setParallelism(parallelism);
        AggregationJob.build(
                env,
                AggregationOptions.of(WeirConfig.parse(KnownFleet.CONFIG, "weir.yml")),
                new AggregationJob.Ends(
                        source(SCRAPES, (long) ROUNDS * KnownFleet.TARGETS),
                        source(REQUEST_EVENTS, 2L * REQUESTS),
                        (Sink<SeriesRecord>) Writer::new,
                        (Sink<byte[]>) Nobody::new));
        StreamGraph graph = env.getStreamGraph();
        for (StreamNode node : graph.getStreamNodes()) {
            if (ONE_PARTITION.contains(node.getTransformationUID())) {
                graph.setParallelism(node.getId(), 1);
            }
        }
        if (from != null) {
            graph.setSavepointRestoreSettings(
                    SavepointRestoreSettings.forPath(from, false, RecoveryClaimMode.NO_CLAIM));
        }
        return cluster.submitJob(graph.getJobGraph()).get(60, TimeUnit.SECONDS).getJobID();
    }

    private static Source<InboundRecord, ?, ?> source(int source, long records) {
        return new DataGeneratorSource<>(
                index -> {
                    READ.set(source, index + 1);
                    return source == SCRAPES ? KnownFleet.scrape(index) : KnownFleet.request(index);
                },
                records,
                parallelism -> new Gate(source),
                KafkaEnds.inboundType());
    }

    /** Lets records pass as far as the step goes. */
    private record Gate(int source) implements RateLimiter<NumberSequenceSplit> {
        @Override
        public CompletionStage<Void> acquire(int events) {
            Step present = step;
            long perRound = source == SCRAPES ? KnownFleet.TARGETS : 6;
            if (READ.get(source) / perRound < present.rounds()) {
                return CompletableFuture.completedFuture(null);
            }
            (source == SCRAPES ? present.scrapes() : present.requests()).complete(null);
            return new CompletableFuture<>();
        }
    }

    private static final class Writer implements SinkWriter<SeriesRecord> {
        Writer(WriterInitContext context) {}

        @Override
        public void write(SeriesRecord record, Context context) {
            OUTPUT.add(record);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }

    private static final class Nobody implements SinkWriter<byte[]> {
        Nobody(WriterInitContext context) {}

        @Override
        public void write(byte[] letter, Context context) {
            throw new IllegalStateException("a dead letter");
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }

    @Override
    public void close() {
        cluster.closeAsync().join();
    }
}

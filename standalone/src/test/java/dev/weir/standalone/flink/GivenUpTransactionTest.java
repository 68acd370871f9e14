package dev.weir.standalone.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.aggregation.AggregationOptions;
import dev.weir.aggregation.operator.KafkaEnds;
import dev.weir.configuration.KafkaConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.standalone.broker.EmbeddedBroker;
import dev.weir.standalone.broker.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobInfo;
import org.apache.flink.api.common.JobInfoImpl;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.TaskInfoImpl;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.internal.FlinkKafkaInternalProducer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.OperatorIOMetricGroup;
import org.apache.flink.metrics.groups.OperatorMetricGroup;
import org.apache.flink.metrics.groups.SinkCommitterMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.metrics.groups.InternalSinkCommitterMetricGroup;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of transactions that a checkpoint holds, on a real broker that knows them, gave them up or forgot them. */
class GivenUpTransactionTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void restoreGoesOnWithoutWhatTheBrokerGaveUpAndCommitsTheRestOnce() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
            KafkaConfig kafka = new KafkaConfig(broker.bootstrapServers(), Map.of(), KafkaConfig.Topics.DEFAULT);
            Topics.ensure(kafka);
            Properties client = kafka.clientProperties();
            Duration timeout = AggregationOptions.onBroker(
                            WeirConfig.parse("", "weir.yml").withKafka(kafka))
                    .transactionTimeout();
            assertEquals(EmbeddedBroker.LONGEST_TRANSACTION, timeout);

            assertEquals(List.of("committed"), restore(client, pending(client, "open")));
            KafkaCommittable twice = pending(client, "twice");
            assertEquals(List.of("committed", "committed"), restore(client, twice, twice));
            KafkaCommittable timedOut = pending(client, "timed-out");
            try (Admin admin = Admin.create(client)) {
                // What the broker does to a transaction that was open for too long.
                admin.forceTerminateTransaction("timed-out").result().get();
            }
            KafkaCommittable forgotten = new KafkaCommittable(123_456, (short) 0, "forgotten", null);
            assertEquals(
                    List.of("passed over", "passed over", "committed"),
                    restore(client, timedOut, forgotten, pending(client, "behind")));
        }
    }

    /** How the sink's committer ends each of them. */
    @SuppressWarnings("unchecked") // The sink is one of Kafka's.
    private static List<String> restore(Properties client, KafkaCommittable... committables) throws Exception {
        List<Committer.CommitRequest<KafkaCommittable>> requests = new ArrayList<>();
        for (KafkaCommittable committable : committables) {
            requests.add(new Request(committable));
        }
        SupportsCommitter<KafkaCommittable> sink = (SupportsCommitter<KafkaCommittable>)
                KafkaEnds.seriesSink(client, KafkaConfig.Topics.DEFAULT.series(), EmbeddedBroker.LONGEST_TRANSACTION);
        Context context = new Context();
        Committer<KafkaCommittable> committer = sink.createCommitter(context);
        committer.commit(requests);
        committer.close();
        List<String> outcomes =
                requests.stream().map(request -> ((Request) request).outcome).toList();
        assertEquals(outcomes.stream().filter("passed over"::equals).count(), context.counter.getCount());
        return outcomes;
    }

    /** A transaction with a record, complete and not committed, of a producer that is gone. */
    private static KafkaCommittable pending(Properties client, String id) throws Exception {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.setProperty("key.serializer", ByteArraySerializer.class.getName());
        properties.setProperty("value.serializer", ByteArraySerializer.class.getName());
        try (FlinkKafkaInternalProducer<byte[], byte[]> producer = new FlinkKafkaInternalProducer<>(properties, id)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(KafkaConfig.Topics.DEFAULT.series(), new byte[0]))
                    .get();
            producer.precommitTransaction();
            return new KafkaCommittable(producer.getProducerId(), producer.getEpoch(), id, null);
        }
    }

    private static final class Request implements Committer.CommitRequest<KafkaCommittable> {
        private final KafkaCommittable committable;
        private String outcome = "committed";

        Request(KafkaCommittable committable) {
            this.committable = committable;
        }

        @Override
        public KafkaCommittable getCommittable() {
            return committable;
        }

        @Override
        public int getNumberOfRetries() {
            return 0;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable failure) {
            outcome = "passed over";
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable failure) {
            outcome = "the job fails: " + failure;
        }

        @Override
        public void retryLater() {
            outcome = "retried";
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable other) {
            outcome = "retried";
        }

        @Override
        public void signalAlreadyCommitted() {
            outcome = "committed";
        }
    }

    private static final class Context implements CommitterInitContext {
        private final Counter counter = new SimpleCounter();

        @Override
        public SinkCommitterMetricGroup metricGroup() {
            return InternalSinkCommitterMetricGroup.wrap(new CountedGroup(counter));
        }

        @Override
        public OptionalLong getRestoredCheckpointId() {
            return OptionalLong.of(1);
        }

        @Override
        public JobInfo getJobInfo() {
            return new JobInfoImpl(new JobID(), "job");
        }

        @Override
        public TaskInfo getTaskInfo() {
            return new TaskInfoImpl("committer", 1, 0, 1, 0);
        }
    }

    /** Keeps one counter. */
    private static final class CountedGroup extends UnregisteredMetricsGroup implements OperatorMetricGroup {
        private final Counter lost;

        CountedGroup(Counter lost) {
            this.lost = lost;
        }

        @Override
        public Counter counter(String name) {
            return name.equals("weir_lost_transactions_total") ? lost : super.counter(name);
        }

        @Override
        public OperatorIOMetricGroup getIOMetricGroup() {
            return UnregisteredMetricsGroup.createOperatorIOMetricGroup();
        }
    }
}

package dev.weir.delivery;

import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.configuration.WeirConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Flink job that delivers {@code weir.series} to one receiver: each partition in order, each record answered before
 * the next is read, every sample at the receiver once in effect.
 */
public final class DeliveryJob {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryJob.class);

    private DeliveryJob() {}

    /** Runs the job on the cluster it is submitted to: {@code --config weir.yml --receiver NAME}. */
    public static void main(String[] args) throws Exception {
        if (args.length != 4 || !args[0].equals("--config") || !args[2].equals("--receiver")) {
            throw new ConfigurationException(
                    "arguments " + String.join(" ", args) + " (expected: --config weir.yml --receiver NAME)");
        }
        WeirConfig config = WeirConfig.load(Path.of(args[1]));
        RemoteWriteConfig receiver = receiver(config, args[3]);
        DeliveryOptions.requireSupported(receiver);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.enableCheckpointing(config.aggregation().window().toMillis());
        env.setParallelism(config.flink().parallelism());
        build(env, DeliveryOptions.toReceiver(config, receiver));
        env.execute(jobName(receiver));
    }

    private static RemoteWriteConfig receiver(WeirConfig config, String name) {
        List<RemoteWriteConfig> receivers = config.remoteWrite();
        return receivers.stream()
                .filter(receiver -> receiver.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("receiver " + name + " (expected: one of "
                        + receivers.stream().map(RemoteWriteConfig::name).toList() + ")"));
    }

    /** The name of the receiver's job, by which a restart finds its checkpoints. */
    public static String jobName(RemoteWriteConfig receiver) {
        return "delivery-" + receiver.name();
    }

    /**
     * Adds the job to {@code env}. Starts at the checkpoint's offsets, without one at the topic's beginning, so that a new
     * receiver is filled with all that the topic still holds, or at its end if {@code backfill} is false. What it says is too
     * old for it is counted and passed over. Where the topic no longer holds what is next, goes on with the oldest it holds.
     *
     * @throws IOException if a secret of the Kafka security settings cannot be read
     */
    public static void build(StreamExecutionEnvironment env, DeliveryOptions options) throws IOException {
        RemoteWriteConfig receiver = options.receiver();
        if (!receiver.withoutEffect().isEmpty()) {
            LOG.info(
                    "receiver {}: {} have no effect: the topic is the queue, a partition has one sender, metadata goes with"
                            + " its series, and there are no exemplars",
                    receiver.name(),
                    receiver.withoutEffect());
        }
        configure(env);
        env.fromSource(source(options), WatermarkStrategy.noWatermarks(), "weir.series")
                .uid(OperatorUids.SERIES_SOURCE)
                .name("read series")
                .sinkTo(new DeliverySink(options))
                .uid(OperatorUids.REMOTE_WRITE)
                .name("remote-write to " + receiver.name());
    }

    private static void configure(StreamExecutionEnvironment env) {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        // A receiver that is down holds checkpoints up for as long as it is down; that must not fail the job.
        settings.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
        settings.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofMinutes(10));
        env.configure(settings);
    }

    private static KafkaSource<SeriesRecord> source(DeliveryOptions options) throws IOException {
        return KafkaSource.<SeriesRecord>builder()
                .setProperties(options.kafka().clientProperties())
                .setProperty("isolation.level", "read_committed")
                .setProperty("fetch.max.wait.ms", "100")
                .setTopics(options.kafka().topics().series())
                .setGroupId("weir-" + jobName(options.receiver()))
                .setClientIdPrefix("weir-" + jobName(options.receiver()))
                .setStartingOffsets(
                        options.receiver().backFill().fromBeginning()
                                ? OffsetsInitializer.earliest()
                                : OffsetsInitializer.latest())
                // Where retention was faster than the receiver: never skip to the end, whatever the start was.
                .setProperty("auto.offset.reset", "earliest")
                .setDeserializer(new SeriesRecordDeserializer())
                .build();
    }
}

package dev.weir.ingest;

import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.WeirConfig;
import dev.weir.ingest.source.ScrapeSource;
import dev.weir.ingest.topic.IngestRecord;
import dev.weir.ingest.topic.PartitionCount;
import dev.weir.ingest.topic.ScrapesTopic;
import dev.weir.ingest.topic.TickFanOut;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Discover, scrape, write: targets to the topic of scrapes. */
public final class IngestJob {
    public static final String NAME = "weir-ingest";

    private IngestJob() {}

    /** Runs the job on the cluster it is submitted to: {@code --config weir.yml}. */
    public static void main(String[] args) throws Exception {
        if (args.length != 2 || !args[0].equals("--config")) {
            throw new ConfigurationException("arguments " + String.join(" ", args) + " (expected: --config weir.yml)");
        }
        WeirConfig config = WeirConfig.load(Path.of(args[1]));
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.enableCheckpointing(config.aggregation().window().toMillis());
        env.setParallelism(config.flink().parallelism());
        build(env, config);
        env.execute(NAME);
    }

    /**
     * Adds the job to {@code env}: scrapes of {@code config}'s targets to its Kafka, which must be known and hold the
     * topic.
     *
     * @throws IOException if a secret's file of the Kafka security cannot be read
     */
    public static void build(StreamExecutionEnvironment env, WeirConfig config) throws IOException {
        build(env, config, ScrapesTopic.partitionCount(config.kafka()), ScrapesTopic.sink(config.kafka()));
    }

    /** The same with another end. */
    static void build(
            StreamExecutionEnvironment env, WeirConfig config, PartitionCount partitions, Sink<IngestRecord> sink) {
        env.fromSource(
                        new ScrapeSource(config),
                        WatermarkStrategy.noWatermarks(),
                        "scrape targets",
                        Types.POJO(IngestRecord.class))
                .uid(OperatorUids.SCRAPES)
                .flatMap(new TickFanOut(partitions))
                .returns(Types.POJO(IngestRecord.class))
                .name("tick every partition")
                .uid(OperatorUids.TICKS)
                .sinkTo(sink)
                .name("topic of scrapes")
                .uid(OperatorUids.TOPIC);
    }
}

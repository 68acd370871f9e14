package dev.weir.aggregation;

import dev.weir.aggregation.group.SeriesRecord;
import dev.weir.aggregation.operator.BrokerTime;
import dev.weir.aggregation.operator.EventRouter;
import dev.weir.aggregation.operator.InboundRecord;
import dev.weir.aggregation.operator.KafkaEnds;
import dev.weir.aggregation.operator.LaneOperator;
import dev.weir.aggregation.operator.LanedReport;
import dev.weir.aggregation.operator.LanedRequest;
import dev.weir.aggregation.operator.RequestOperator;
import dev.weir.aggregation.operator.RequestRouter;
import dev.weir.aggregation.operator.RequestTime;
import dev.weir.aggregation.operator.RoutedScrape;
import dev.weir.aggregation.operator.TargetOperator;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.request.RecentIds;
import dev.weir.aggregation.request.RequestReport;
import dev.weir.aggregation.view.View;
import dev.weir.aggregation.view.Views;
import dev.weir.configuration.AggregationConfig;
import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.FlinkConfig;
import dev.weir.configuration.KafkaConfig;
import dev.weir.configuration.WeirConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The Flink job from {@code weir.scrapes} to {@code weir.series}. */
public final class AggregationJob {
    public static final String NAME = "weir-aggregation";

    /** What a record may wait between two tasks for others to go with it. */
    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(250);

    /** How often silent partitions are looked at; each look wakes a task up. */
    private static final Duration LOOK_AT_SILENCE = Duration.ofMillis(500);

    private AggregationJob() {}

    /** Runs the job on the cluster it is submitted to: {@code --config weir.yml}. */
    public static void main(String[] args) throws Exception {
        if (args.length != 2 || !args[0].equals("--config")) {
            throw new ConfigurationException("arguments " + String.join(" ", args) + " (expected: --config weir.yml)");
        }
        WeirConfig config = WeirConfig.load(Path.of(args[1]));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.enableCheckpointing(config.aggregation().window().toMillis());
        env.setParallelism(config.flink().parallelism());
        env.configure(Configuration.fromMap(config.flink().stateBackend().flinkOptions()));
        build(env, AggregationOptions.onBroker(config));
        env.execute(NAME);
    }

    /** Adds the job to {@code env}, its ends in the configured Kafka. */
    public static void build(StreamExecutionEnvironment env, AggregationOptions options) throws IOException {
        KafkaConfig kafka = options.config().kafka();
        Properties client = kafka.clientProperties();
        Ends ends = new Ends(
                KafkaEnds.source(client, kafka.topics().scrapes()),
                KafkaEnds.source(client, kafka.topics().requests()),
                KafkaEnds.seriesSink(client, kafka.topics().series(), options.transactionTimeout()),
                KafkaEnds.deadLetterSink(client, kafka.topics().deadLetters()));
        build(env, options, ends);
    }

    /**
     * The job's ends, which the caller may choose.
     *
     * @param scrapes records of {@code weir.scrapes}
     * @param requests records of {@code weir.requests}
     * @param deadLetters takes encoded dead letters
     */
    public record Ends(
            Source<InboundRecord, ?, ?> scrapes,
            Source<InboundRecord, ?, ?> requests,
            Sink<SeriesRecord> series,
            Sink<byte[]> deadLetters) {}

    /**
     * scrapes > route > per target: increments > per lane: windows > series; requests > read > each once > per lane; garbage >
     * dead letters.
     */
    public static void build(StreamExecutionEnvironment env, AggregationOptions options, Ends ends) {
        AggregationConfig aggregation = options.config().aggregation();
        // Read here: the files need not be where the tasks run.
        Profiles profiles = Profiles.load(aggregation.profiles());
        List<View> views = Views.load(aggregation.views());
        int lanes = options.config().kafka().topics().partitions();
        int seriesLimit = (int) Math.ceil(aggregation.seriesPerProject() / (double) lanes);
        env.getConfig().enableObjectReuse();
        env.setBufferTimeout(BUFFER_TIMEOUT.toMillis());
        env.getConfig().setAutoWatermarkInterval(LOOK_AT_SILENCE.toMillis());
        env.setMaxParallelism(FlinkConfig.MAX_PARALLELISM);
        env.configure(new Configuration().set(PipelineOptions.GENERIC_TYPES, false));

        SingleOutputStreamOperator<RoutedScrape> routed = env.fromSource(
                        ends.scrapes(),
                        new BrokerTime(aggregation.window()),
                        OperatorUids.SCRAPES,
                        KafkaEnds.inboundType())
                .uid(OperatorUids.SCRAPES)
                .process(new EventRouter())
                .returns(KafkaEnds.routedType())
                .uid(OperatorUids.ROUTER)
                .name(OperatorUids.ROUTER);
        SingleOutputStreamOperator<RequestReport> read = env.fromSource(
                        ends.requests(), new RequestTime(), OperatorUids.REQUESTS, KafkaEnds.inboundType())
                .uid(OperatorUids.REQUESTS)
                .process(new RequestRouter())
                .returns(KafkaEnds.requestType())
                .uid(OperatorUids.REQUEST_ROUTER)
                .name(OperatorUids.REQUEST_ROUTER);
        routed.getSideOutput(EventRouter.DEAD_LETTERS)
                .union(read.getSideOutput(EventRouter.DEAD_LETTERS))
                .sinkTo(ends.deadLetters())
                .uid(OperatorUids.DEAD_LETTERS)
                .name(OperatorUids.DEAD_LETTERS);
        KeyedStream<LanedRequest, Integer> onceEach = read.keyBy(report -> RecentIds.shard(report.id()), Types.INT)
                .process(new RequestOperator(lanes))
                .returns(KafkaEnds.lanedRequestType())
                .uid(OperatorUids.DEDUPLICATION)
                .name(OperatorUids.DEDUPLICATION)
                .keyBy(LanedRequest::lane, Types.INT);
        routed.keyBy(RoutedScrape::target, KafkaEnds.nameType())
                .process(new TargetOperator(options.config(), profiles, options.expiry(), lanes))
                .returns(KafkaEnds.lanedType())
                .uid(OperatorUids.TARGETS)
                .name(OperatorUids.TARGETS)
                .keyBy(LanedReport::lane, Types.INT)
                .connect(onceEach)
                .transform(
                        OperatorUids.LANES,
                        KafkaEnds.seriesType(),
                        new LaneOperator(
                                aggregation.window(),
                                options.expiry(),
                                profiles,
                                views,
                                seriesLimit,
                                options.written()))
                .uid(OperatorUids.LANES)
                .name(OperatorUids.LANES)
                .sinkTo(ends.series())
                .uid(OperatorUids.SERIES)
                .name(OperatorUids.SERIES);
    }
}

package dev.weir.standalone;

import dev.weir.aggregation.AggregationJob;
import dev.weir.aggregation.AggregationOptions;
import dev.weir.configuration.AggregationConfig;
import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.configuration.ViewConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.delivery.DeliveryJob;
import dev.weir.delivery.DeliveryOptions;
import dev.weir.ingest.IngestJob;
import dev.weir.standalone.flink.FlinkJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which jobs there are, and how each is told what it needs. */
public final class Pipeline {
    private Pipeline() {}

    /**
     * Every job that {@code config} asks for, against the data's flow, so that whatever is written is read at once.
     *
     * @param config with a known broker
     */
    public static List<FlinkJob> jobs(WeirConfig config) {
        List<FlinkJob> jobs = new ArrayList<>();
        for (RemoteWriteConfig receiver : config.remoteWrite()) {
            jobs.add(delivery(config, DeliveryOptions.toReceiver(config, receiver)));
        }
        WeirConfig aggregation = config.forAggregation();
        jobs.add(new FlinkJob(
                AggregationJob.NAME,
                List.of(aggregation, files(aggregation.aggregation())),
                env -> AggregationJob.build(env, AggregationOptions.onBroker(aggregation))));
        WeirConfig ingest = config.forIngest();
        jobs.add(new FlinkJob(IngestJob.NAME, ingest, env -> IngestJob.build(env, ingest)));
        return jobs;
    }

    /** The job that delivers to one receiver. */
    static FlinkJob delivery(WeirConfig config, DeliveryOptions options) {
        return new FlinkJob(
                DeliveryJob.jobName(options.receiver()),
                List.of(options, config.flink(), config.aggregation().window()),
                env -> DeliveryJob.build(env, options));
    }

    /** What the job reads when it is built. */
    private static List<Path> files(AggregationConfig aggregation) {
        return Stream.concat(
                        aggregation.profiles().stream(),
                        aggregation.views().stream().filter(ViewConfig::isFile).map(ViewConfig::name))
                .map(Path::of)
                .toList();
    }
}

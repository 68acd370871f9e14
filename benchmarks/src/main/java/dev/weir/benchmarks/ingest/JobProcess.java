package dev.weir.benchmarks.ingest;

import dev.weir.aggregation.AggregationJob;
import dev.weir.aggregation.AggregationOptions;
import dev.weir.configuration.WeirConfig;
import dev.weir.standalone.flink.EmbeddedFlink;
import dev.weir.standalone.flink.FlinkSettings;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The aggregation job in a process of its own: the arguments are its configuration, a directory for checkpoints, its parallelism. */
final class JobProcess {
    private JobProcess() {}

    @SuppressWarnings("resource") // Until the process is killed.
    public static void main(String[] args) throws Exception {
        WeirConfig config = WeirConfig.load(Path.of(args[0]));
        int parallelism = Integer.parseInt(args[2]);
        EmbeddedFlink flink = EmbeddedFlink.start(
                Path.of(args[1]),
                new FlinkSettings(
                        parallelism,
                        parallelism,
                        config.flink().stateBackend(),
                        config.aggregation().window()));
        flink.submit(AggregationJob.NAME, env -> AggregationJob.build(env, AggregationOptions.of(config)));
        new CountDownLatch(1).await();
    }
}

package dev.weir.standalone;

import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.delivery.DeliveryJob;
import dev.weir.delivery.DeliveryOptions;
import dev.weir.ingest.IngestJob;
import dev.weir.standalone.flink.EmbeddedFlink;
import java.net.URI;

/** Which jobs there are, and how each is told what it needs. */
final class Pipeline {
    private Pipeline() {}

    /** How many jobs {@link #submitJobs} submits. */
    static int jobs(WeirConfig config) {
        return 2 + config.remoteWrite().size();
    }

    /** Starts the query server as one of {@code parts} and returns its base URL. */
    static URI startQueryServer(WeirConfig config, DataDir dataDir, Parts parts) {
        return URI.create("http://" + config.query().listen());
    }

    /** Submits every job, those that read before those that write, so that nothing waits in a topic at the start. */
    static void submitJobs(EmbeddedFlink flink, WeirConfig config, URI queryUrl) {
        submitDelivery(flink, new DeliveryOptions(DeliveryOptions.queryServer(queryUrl), config.kafka()));
        for (RemoteWriteConfig receiver : config.remoteWrite()) {
            submitDelivery(
                    flink,
                    new DeliveryOptions(
                            receiver, config.kafka(), config.externalLabels(), DeliveryOptions.Limits.DEFAULT));
        }
        flink.submit(IngestJob.NAME, env -> IngestJob.build(env, config));
    }

    private static void submitDelivery(EmbeddedFlink flink, DeliveryOptions options) {
        flink.submit(DeliveryJob.jobName(options.receiver()), env -> DeliveryJob.build(env, options));
    }
}

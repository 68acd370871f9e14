package dev.weir.standalone;

import dev.weir.aggregation.AggregationJob;
import dev.weir.aggregation.AggregationOptions;
import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.delivery.DeliveryJob;
import dev.weir.delivery.DeliveryOptions;
import dev.weir.ingest.IngestJob;
import dev.weir.standalone.flink.EmbeddedFlink;

/** Which jobs there are, and how each is told what it needs. */
final class Pipeline {
    private Pipeline() {}

    /** How many jobs {@link #submit} submits. */
    static int jobs(WeirConfig config) {
        return 3 + config.remoteWrite().size();
    }

    /**
     * Submits every job, against the data's flow, so that whatever is written is read at once.
     *
     * @param config with a known broker
     */
    static void submit(EmbeddedFlink flink, WeirConfig config, QueryEndpoint query) {
        submitDelivery(flink, DeliveryOptions.toQueryServer(query.url(), query.ownToken(), config.kafka()));
        for (RemoteWriteConfig receiver : config.remoteWrite()) {
            submitDelivery(flink, DeliveryOptions.toReceiver(config, receiver));
        }
        flink.submit(AggregationJob.NAME, env -> AggregationJob.build(env, AggregationOptions.onBroker(config)));
        flink.submit(IngestJob.NAME, env -> IngestJob.build(env, config));
    }

    private static void submitDelivery(EmbeddedFlink flink, DeliveryOptions options) {
        flink.submit(DeliveryJob.jobName(options.receiver()), env -> DeliveryJob.build(env, options));
    }
}

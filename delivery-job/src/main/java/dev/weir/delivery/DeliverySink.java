package dev.weir.delivery;

import dev.weir.configuration.RemoteWriteConfig;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Properties;
import java.util.SplittableRandom;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** A sink whose writers each post to the receiver; without state, since a re-send is harmless. */
final class DeliverySink implements Sink<SeriesRecord> {
    private static final long serialVersionUID = 1;

    private final DeliveryOptions options;

    DeliverySink(DeliveryOptions options) {
        this.options = options;
    }

    @Override
    public SinkWriter<SeriesRecord> createWriter(WriterInitContext context) throws IOException {
        RemoteWriteConfig receiver = options.receiver();
        InstantSource clock = InstantSource.system();
        Instant attemptStart = clock.instant();
        Lag lag = new Lag(clock);
        DeliveryMetrics metrics = new FlinkDeliveryMetrics(context.metricGroup(), receiver.name(), lag::ms);
        RemoteWriteClient client = new RemoteWriteClient(
                receiver.name(),
                new HttpTransport(receiver),
                Backoff.of(receiver.queue()),
                new RemoteWriteClient.Surroundings(clock, Pause.REAL, new SplittableRandom()),
                metrics);
        Properties kafka = options.kafka().clientProperties();
        DeadLetters deadLetters =
                new KafkaDeadLetters(kafka, options.kafka().topics().deadLetters());
        Bisection bisection = new Bisection(receiver.name(), client, deadLetters, metrics, attemptStart, clock);
        return new DeliveryWriter(
                options.limits(),
                new DeliveryWriter.Parts(
                        bisection,
                        new OutboundRecords(options, clock, metrics),
                        new Catchup(receiver.name(), receiver.backFill().samplesPerSecond(), clock, Pause.REAL),
                        context.getProcessingTimeService(),
                        () -> {
                            client.close();
                            deadLetters.close();
                        },
                        lag));
    }
}

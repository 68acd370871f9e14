package dev.weir.standalone;

import dev.weir.configuration.KafkaConfig;
import dev.weir.configuration.ScalingConfig;
import dev.weir.configuration.Secret;
import dev.weir.configuration.WeirConfig;
import dev.weir.delivery.DeliveryOptions;
import dev.weir.queryserver.telemetry.FurtherMetrics;
import dev.weir.scaling.Scaling;
import dev.weir.standalone.broker.EmbeddedBroker;
import dev.weir.standalone.broker.Topics;
import dev.weir.standalone.flink.CheckpointFolder.Damaged;
import dev.weir.standalone.flink.EmbeddedFlink;
import dev.weir.standalone.flink.FlinkJob;
import dev.weir.standalone.flink.FlinkSettings;
import dev.weir.standalone.flink.JobMetrics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Weir in one process: query server, broker, Flink and its jobs, started in this order and stopped in reverse. If one does
 * not start, those before it are stopped.
 */
public final class Standalone implements AutoCloseable {
    private final Parts parts;
    private final DataDir dataDir;
    private final EmbeddedFlink flink;
    private final Addresses addresses;
    private final @Nullable Secret ownToken;

    /**
     * Where to reach the parts.
     *
     * @param ownQuery where this process reaches the query server
     */
    public record Addresses(URI query, URI ownQuery, URI flink, URI jobMetrics, String kafka) {}

    private Standalone(
            Parts parts, DataDir dataDir, EmbeddedFlink flink, Addresses addresses, @Nullable Secret ownToken) {
        this.parts = parts;
        this.dataDir = dataDir;
        this.flink = flink;
        this.addresses = addresses;
        this.ownToken = ownToken;
    }

    /**
     * Starts everything that {@code config} asks for, and tells {@code progress} what it is at.
     *
     * @param damaged what to do if the newest checkpoint of a job is damaged
     * @throws StartupException if some part does not start
     */
    public static Standalone start(WeirConfig config, Damaged damaged, Consumer<String> progress) {
        if (config.flink().address() != null) {
            throw new StartupException("flink.address: " + config.flink().address()
                    + " (expected: none, since this brings its own Flink)");
        }
        Parts parts = new Parts();
        try {
            DataDir dataDir = parts.add("data directory", DataDir.open(Path.of(config.dataDir())));
            progress.accept("starting query server");
            JobMetrics jobMetrics = new JobMetrics();
            PushedEvents pushed = new PushedEvents();
            AtomicReference<@Nullable Scaling> scaling = new AtomicReference<>();
            FurtherMetrics further = () -> jobMetrics.text() + metricsText(scaling.get());
            QueryEndpoint query = parts.add("query server", QueryEndpoint.start(config, dataDir, further, pushed));
            KafkaConfig kafka = startBroker(config.kafka(), dataDir, parts, progress);
            Topics.ensure(kafka);
            parts.add("intake", pushed).connect(kafka);
            progress.accept("starting Flink");
            WeirConfig known = config.withKafka(kafka);
            List<FlinkJob> jobs = new ArrayList<>();
            jobs.add(Pipeline.delivery(known, DeliveryOptions.toQueryServer(query.url(), query.ownToken(), kafka)));
            jobs.addAll(Pipeline.jobs(known));
            EmbeddedFlink flink = parts.add(
                    "Flink", EmbeddedFlink.start(dataDir.checkpoints(), settings(config, jobs.size()), damaged));
            jobMetrics.areAt(flink.metricsUrl());
            progress.accept("starting jobs");
            jobs.forEach(job -> flink.submit(job.name(), job.builder()));
            if (!config.scaling().rules().isEmpty()) {
                scaling.set(parts.add("scaling", startScaling(config.scaling(), query)));
            }
            Addresses addresses = new Addresses(
                    query.publicUrl(), query.url(), flink.webUrl(), flink.metricsUrl(), bootstrapServers(kafka));
            return new Standalone(parts, dataDir, flink, addresses, query.ownToken());
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    public Addresses addresses() {
        return addresses;
    }

    /** What this process may ask its own query server with; null if that asks for no token. */
    public @Nullable Secret ownToken() {
        return ownToken;
    }

    /**
     * Does nothing while all is well.
     *
     * @throws StartupException if a job has ended or cannot be restored, or the disk is about to be full
     */
    public void requireHealthy() {
        dataDir.requireSpaceToGoOn();
        flink.requireRestored();
        flink.endedJob().ifPresent(job -> {
            throw new StartupException("job " + job + " (expected: it runs until Weir is stopped)");
        });
    }

    @Override
    public void close() {
        parts.close();
    }

    private static KafkaConfig startBroker(KafkaConfig kafka, DataDir dataDir, Parts parts, Consumer<String> progress) {
        if (!kafka.isEmbedded()) {
            return kafka;
        }
        progress.accept("starting Kafka broker");
        EmbeddedBroker broker = parts.add("Kafka broker", EmbeddedBroker.start(dataDir.kafka()));
        return kafka.withBootstrapServers(broker.bootstrapServers());
    }

    private static Scaling startScaling(ScalingConfig config, QueryEndpoint query) {
        Secret token = query.ownToken();
        URI url = config.url();
        try {
            Scaling scaling = url != null
                    ? Scaling.of(config, url)
                    : Scaling.of(token == null ? config : config.withToken(token), query.url());
            scaling.start();
            return scaling;
        } catch (IOException e) {
            throw new StartupException("scaling: " + e.getMessage(), e);
        }
    }

    private static String metricsText(@Nullable Scaling scaling) {
        return scaling == null ? "" : scaling.metricsText();
    }

    private static FlinkSettings settings(WeirConfig config, int jobs) {
        int parallelism = config.flink().parallelism();
        return new FlinkSettings(
                parallelism * jobs,
                parallelism,
                config.flink().stateBackend(),
                config.aggregation().window());
    }

    private static String bootstrapServers(KafkaConfig kafka) {
        @Nullable String servers = kafka.bootstrapServers();
        return servers == null ? "" : servers;
    }
}

package dev.weir.standalone.broker;

import dev.weir.standalone.PortClaim;
import dev.weir.standalone.Ports;
import dev.weir.standalone.StartupException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * A single Kafka broker with its KRaft controller, inside this process, on loopback ports that stay the same over
 * restarts while they are free. What it acknowledged survives the end of the process, not that of the machine: nothing
 * is forced to disk.
 */
public final class EmbeddedBroker implements AutoCloseable {
    /** Larger than the largest scrape body and the largest group's window. */
    public static final int MAX_MESSAGE_BYTES = 64 << 20;

    private static final int FIRST_PORT = 9192;
    private static final int FIRST_CONTROLLER_PORT = 9292;
    private static final int PORTS = 100;
    private static final int NODE_ID = 1;
    /** How long a transaction may stay open, so how long a down time may last before its results are given up. */
    public static final Duration LONGEST_TRANSACTION = Duration.ofDays(7);

    private final KafkaRaftServer server;
    private final String bootstrapServers;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts a broker on the log in {@code dir}, which is made if missing. Returns when the broker takes requests.
     *
     * @throws StartupException if it does not start; the message says why
     */
    public static EmbeddedBroker start(Path dir) {
        try {
            // Kafka binds long after its ports were chosen; another Weir must not choose the same ones meanwhile.
            return PortClaim.during(() -> {
                int port = Ports.remembered(dir.resolve("broker.port"), FIRST_PORT, PORTS);
                int controllerPort = Ports.remembered(dir.resolve("controller.port"), FIRST_CONTROLLER_PORT, PORTS);
                return start(dir, port, controllerPort);
            });
        } catch (StartupException e) {
            throw e;
        } catch (Exception e) {
            throw new StartupException("embedded broker on " + dir + ": does not start: " + e, e);
        }
    }

    private static EmbeddedBroker start(Path dir, int port, int controllerPort) throws Exception {
        String what = "embedded broker on " + dir + ", ports " + port + " and " + controllerPort;
        Exit.setHaltProcedure((status, message) -> die(dir, what, message));
        Exit.setExitProcedure((status, message) -> die(dir, what, message));
        Files.createDirectories(dir);
        Path log = dir.resolve("log");
        format(log, clusterId(dir.resolve("cluster.id")));
        KafkaRaftServer server =
                new KafkaRaftServer(new KafkaConfig(properties(log, port, controllerPort)), Time.SYSTEM);
        server.startup();
        return new EmbeddedBroker(server, "127.0.0.1:" + port);
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Stops the broker cleanly; a second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    /** Kafka ends the process when it can no longer write; this says so in one line before it does. */
    private static void die(Path dir, String what, @Nullable String message) {
        System.err.println("weir: " + what + ": cannot go on"
                + (message == null ? "" : ": " + message) + "; "
                + (dir.toFile().getUsableSpace() >> 20) + " MiB free on its disk");
        Runtime.getRuntime().halt(1);
    }

    private static String clusterId(Path file) throws IOException {
        if (Files.exists(file)) {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        }
        String id = Uuid.randomUuid().toString();
        Files.writeString(file, id);
        return id;
    }

    private static void format(Path log, String clusterId) throws Exception {
        Files.createDirectories(log);
        new Formatter()
                .setNodeId(NODE_ID)
                .setClusterId(clusterId)
                .setControllerListenerName("CONTROLLER")
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setDirectories(List.of(log.toString()))
                .setMetadataLogDirectory(log.toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                // From version 2 on a commit raises the producer's epoch, and Flink, which after a restart commits
                // again
                // what its checkpoint names, takes the answer for a loss of data and says so.
                .setFeatureLevel("transaction.version", (short) 1)
                .setIgnoreFormatted(true)
                // A static quorum takes its one voter's port from the properties, so that the port may change.
                .setHasDynamicQuorum(false)
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .run();
    }

    private static Properties properties(Path log, int port, int controllerPort) {
        Properties p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", Integer.toString(NODE_ID));
        p.setProperty("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        p.setProperty("listeners", "BROKER://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        p.setProperty("advertised.listeners", "BROKER://127.0.0.1:" + port);
        p.setProperty("controller.listener.names", "CONTROLLER");
        p.setProperty("inter.broker.listener.name", "BROKER");
        p.setProperty("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.setProperty("log.dirs", log.toString());
        p.setProperty("auto.create.topics.enable", "false");
        p.setProperty("message.max.bytes", Integer.toString(MAX_MESSAGE_BYTES));
        p.setProperty("replica.fetch.max.bytes", Integer.toString(MAX_MESSAGE_BYTES));
        p.setProperty("socket.request.max.bytes", Integer.toString(2 * MAX_MESSAGE_BYTES));
        p.setProperty("transaction.max.timeout.ms", Long.toString(LONGEST_TRANSACTION.toMillis()));
        // A single node: every internal topic lives here alone, in few partitions.
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            p.setProperty(topic + ".replication.factor", "1");
        }
        p.setProperty("transaction.state.log.min.isr", "1");
        p.setProperty("share.coordinator.state.topic.min.isr", "1");
        p.setProperty("offsets.topic.num.partitions", "4");
        p.setProperty("transaction.state.log.num.partitions", "4");
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        p.setProperty("log.cleaner.dedupe.buffer.size", "2097152");
        p.setProperty("num.network.threads", "2");
        p.setProperty("num.io.threads", "4");
        p.setProperty("background.threads", "2");
        p.setProperty("log.retention.check.interval.ms", "60000");
        p.setProperty("controlled.shutdown.enable", "false");
        // After a kill the controller takes the broker for alive until its session ends, and refuses the new one until
        // then.
        p.setProperty("broker.session.timeout.ms", "3000");
        p.setProperty("broker.heartbeat.interval.ms", "500");
        return p;
    }
}

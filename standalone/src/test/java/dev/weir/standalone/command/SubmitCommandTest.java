package dev.weir.standalone.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.StateBackend;
import dev.weir.standalone.broker.EmbeddedBroker;
import dev.weir.standalone.flink.EmbeddedFlink;
import dev.weir.standalone.flink.FlinkSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a cluster's REST API; the jobs' classes are those of this process. */
class SubmitCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** The cluster has the jobs' classes here. */
    @BeforeEach
    void noJars() throws IOException {
        System.setProperty(
                "weir.job.libs", Files.createDirectory(folder.resolve("libs")).toString());
    }

    @AfterEach
    void asBefore() {
        System.clearProperty("weir.job.libs");
    }

    @Test
    void bringsTheClusterToWhatIsConfigured() throws IOException {
        FlinkSettings settings = new FlinkSettings(4, 1, StateBackend.HEAP, Duration.ofSeconds(1));
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"));
                EmbeddedFlink flink = EmbeddedFlink.start(folder.resolve("unused"), settings)) {
            String config = """
                    kafka: {bootstrap_servers: '%s'}
                    flink: {address: '%s', checkpoints: '%s'}
                    aggregation: {window: 1s, replica_labels: [pod]}
                    remote_write: [{name: a, url: 'http://127.0.0.1:1/w'}]
                    """.formatted(
                            broker.bootstrapServers(),
                            flink.webUrl().getAuthority(),
                            folder.resolve("state").toUri());
            assertEquals(
                    List.of("delivery-a: first start", "weir-aggregation: first start", "weir-ingest: first start"),
                    decisions(config));
            assertEquals(
                    List.of(
                            "delivery-a: runs as it is configured",
                            "weir-aggregation: runs as it is configured",
                            "weir-ingest: runs as it is configured"),
                    decisions(config));
            assertEquals(
                    List.of(
                            "delivery-a: runs as it is configured",
                            "weir-aggregation: goes on from a savepoint",
                            "weir-ingest: runs as it is configured"),
                    decisions(config.replace("[pod]", "[pod, node]")));
            assertEquals(
                    List.of(
                            "delivery-a: not configured any more",
                            "delivery-b: first start",
                            "weir-aggregation: runs as it is configured",
                            "weir-ingest: runs as it is configured"),
                    decisions(config.replace("[pod]", "[pod, node]").replace("name: a", "name: b")));
            run(config, "--stop-with-savepoint");
            assertEquals(List.of("no job runs"), run(config, "--stop-with-savepoint"));
            assertEquals(
                    List.of(
                            "delivery-a: goes on from a savepoint",
                            "weir-aggregation: goes on from a savepoint",
                            "weir-ingest: goes on from a savepoint"),
                    decisions(config));
        }
    }

    /** What it said that it would do, for each job. */
    private List<String> decisions(String config) throws IOException {
        return run(config).stream()
                .map(line -> line.replaceAll("goes on from .*/savepoints/.*", "goes on from a savepoint"))
                .filter(line -> !line.matches(".*: (runs, .*|changes|stopping .*|stopped, .*)"))
                .toList();
    }

    private List<String> run(String config, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("weir.yml"), config);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] args = new String[3 + more.length];
        args[0] = "submit";
        args[1] = "--config";
        args[2] = file.toString();
        System.arraycopy(more, 0, args, 3, more.length);
        int code = WeirCommand.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
        assertEquals("", err.toString());
        assertEquals(0, code);
        assertTrue(out.toString().startsWith("weir: "), out.toString());
        return out.toString()
                .lines()
                .map(line -> line.substring("weir: ".length()))
                .toList();
    }
}

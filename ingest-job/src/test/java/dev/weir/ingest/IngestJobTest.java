package dev.weir.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.WeirConfig;
import dev.weir.ingest.kubernetes.FakeApiServer;
import dev.weir.ingest.topic.IngestRecord;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.schemas.Tick;
import dev.weir.schemas.UndecodableRecordException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on an embedded Flink, with a queue in place of Kafka. */
@Timeout(120)
class IngestJobTest {
    private static final BlockingQueue<IngestRecord> WRITTEN = new LinkedBlockingQueue<>();
    private static final int PARTITIONS = 3;

    @TempDir
    private Path folder;

    @Test
    void scrapesAreSpreadOverReadersAndTicksGoToEveryPartition() throws Exception {
        WRITTEN.clear();
        Path targets = folder.resolve("targets.json");
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        try (TestServer first = new TestServer();
                TestServer second = new TestServer()) {
            first.serve("/metrics", "text/plain", "a 1\n");
            second.serve("/metrics", "text/plain", "b 2\n");
            Files.writeString(
                    targets, "[{\"targets\": [\"" + second.address() + "\"], \"labels\": {\"project_id\": \"p2\"}}]");
            WeirConfig config = WeirConfig.parse(
                    """
                    project: p1
                    aggregation: {window: 1s}
                    scrape_configs:
                      - job_name: both
                        scrape_interval: 300ms
                        static_configs: [{targets: ['%s', '127.0.0.1:%d']}]
                        file_sd_configs: [{files: ['%s'], refresh_interval: 50ms}]
                    """.formatted(first.address(), closedPort, targets),
                    folder.resolve("weir.yml").toString());
            JobClient job = start(config);
            try {
                ScrapeEvent up = awaitScrape(event ->
                        event.getTargetUrl().contains(first.address()) && event.getOutcome() == ScrapeOutcome.BODY);
                assertEquals("p1", up.getProject());
                assertEquals("both", up.getJob());
                assertEquals("http://" + first.address() + "/metrics", up.getTargetUrl());
                assertEquals(Map.of("instance", first.address(), "job", "both"), up.getLabels());
                assertEquals(
                        "a 1\n", StandardCharsets.UTF_8.decode(up.getBody()).toString());
                assertEquals(300, up.getIntervalMs());
                assertTrue(up.getWatchedSinceMs() > 0 && up.getWatchedSinceMs() <= up.getRequestStartMs());
                assertNull(up.getError());

                ScrapeEvent refused = awaitScrape(event -> event.getOutcome() == ScrapeOutcome.REFUSED);
                assertTrue(refused.getTargetUrl().contains(":" + closedPort));
                assertEquals("connection refused", refused.getError());
                assertEquals(up.getScraperId(), refused.getScraperId());

                ScrapeEvent found = awaitScrape(event -> event.getTargetUrl().contains(second.address()));
                assertEquals("p2", found.getProject());

                Set<Integer> ticked = new HashSet<>();
                while (ticked.size() < PARTITIONS) {
                    IngestRecord record = WRITTEN.take();
                    if (record.partition >= 0) {
                        assertEquals(0, record.key.length);
                        Tick tick = new EventCodec<>(Tick.class).decode(record.value);
                        assertEquals(up.getScraperId(), tick.getScraperId());
                        ticked.add(record.partition);
                    }
                }
                assertEquals(Set.of(0, 1, 2), ticked);

                // A live change: the file now names its target with another project.
                Files.writeString(
                        targets,
                        "[{\"targets\": [\"" + second.address() + "\"], \"labels\": {\"project_id\": \"p3\"}}]");
                for (int round = 0; round < 3; round++) {
                    // Scrapes under the old name may still be on their way in the first rounds.
                    awaitScrape(event -> event.getProject().equals("p3"));
                }
                WRITTEN.clear();
                awaitScrape(event -> event.getProject().equals("p1"));
                awaitScrape(event -> event.getProject().equals("p3"));
                assertTrue(
                        WRITTEN.stream().noneMatch(r -> new String(r.key, StandardCharsets.UTF_8).startsWith("p2\0")));
            } finally {
                job.cancel().get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aPodThatIsDeletedAndStillAnswersSaysItsLastWord() throws Exception {
        WRITTEN.clear();
        try (TestServer pod = new TestServer();
                FakeApiServer cluster = new FakeApiServer()) {
            pod.serve("/metrics", "text/plain", "a 1\n");
            String[] address = pod.address().split(":");
            cluster.put("""
                    kind: Pod
                    metadata: {name: p, namespace: n}
                    spec: {containers: [{name: c, ports: [{containerPort: %s}]}]}
                    status: {podIP: %s, phase: Running}
                    """.formatted(address[1], address[0]));
            WeirConfig config = WeirConfig.parse("""
                    scrape_configs:
                      - job_name: pods
                        scrape_interval: 300ms
                        kubernetes_sd_configs: [{role: pod, api_server: '%s'}]
                        relabel_configs:
                          - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
                          - {source_labels: [__meta_kubernetes_pod_annotation_turn], target_label: turn}
                    """.formatted(cluster.url()), "weir.yml");
            JobClient job = start(config);
            try {
                ScrapeEvent up = awaitScrape(event -> event.getOutcome() == ScrapeOutcome.BODY);
                assertEquals(Map.of("instance", pod.address(), "job", "pods", "pod", "p"), up.getLabels());
                while (!up.getLabels().containsKey("turn")) {
                    cluster.touch("n", "p");
                    up = awaitScrape(event -> true);
                }
                cluster.client().pods().inNamespace("n").withName("p").delete();
                ScrapeEvent last = awaitScrape(ScrapeEvent::getLastWord);
                assertEquals(
                        "a 1\n", StandardCharsets.UTF_8.decode(last.getBody()).toString());
            } finally {
                job.cancel().get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void scraperIsTheSameAfterASavepoint() throws Exception {
        WRITTEN.clear();
        try (TestServer server = new TestServer()) {
            server.serve("/metrics", "text/plain", "a 1\n");
            WeirConfig config = WeirConfig.parse(
                    "scrape_configs: [{job_name: j, scrape_interval: 200ms, static_configs: [{targets: ['"
                            + server.address() + "']}]}]",
                    "weir.yml");
            JobClient first = start(config);
            ScrapeEvent before = awaitScrape(event -> true);
            String savepoint = first.stopWithSavepoint(
                            false, folder.resolve("savepoints").toString(), SavepointFormatType.CANONICAL)
                    .get(60, TimeUnit.SECONDS);
            WRITTEN.clear();
            Configuration settings = new Configuration();
            settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
            JobClient second = start(config, settings);
            try {
                ScrapeEvent after = awaitScrape(event -> true);
                assertEquals(before.getScraperId(), after.getScraperId());
                assertEquals(before.getWatchedSinceMs(), after.getWatchedSinceMs());
            } finally {
                second.cancel().get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void operatorsKeepTheirUids() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
        IngestJob.build(env, WeirConfig.empty(), () -> PARTITIONS, new QueueSink());
        assertEquals(
                List.of("ingest-scrapes", "ingest-ticks", "ingest-topic"),
                env.getStreamGraph().getStreamNodes().stream()
                        .sorted(Comparator.comparingInt(StreamNode::getId))
                        .map(StreamNode::getTransformationUID)
                        .toList());
    }

    @Test
    void argumentsAreExplained() {
        assertEquals(
                "arguments --conf x (expected: --config weir.yml)",
                assertThrows(ConfigurationException.class, () -> IngestJob.main(new String[] {"--conf", "x"}))
                        .getMessage());
    }

    private static ScrapeEvent awaitScrape(Predicate<ScrapeEvent> wanted)
            throws InterruptedException, UndecodableRecordException {
        EventCodec<ScrapeEvent> codec = new EventCodec<>(ScrapeEvent.class);
        while (true) {
            IngestRecord record = WRITTEN.take();
            if (record.partition == IngestRecord.BY_KEY) {
                ScrapeEvent event = codec.decode(record.value);
                String key = event.getProject() + '\0' + event.getJob() + '\0' + event.getTargetUrl();
                assertEquals(key, new String(record.key, StandardCharsets.UTF_8));
                if (wanted.test(event)) {
                    return event;
                }
            }
        }
    }

    private static JobClient start(WeirConfig config) throws Exception {
        return start(config, new Configuration());
    }

    private static JobClient start(WeirConfig config, Configuration settings) throws Exception {
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(2, settings);
        env.enableCheckpointing(100);
        IngestJob.build(env, config, () -> PARTITIONS, new QueueSink());
        return env.executeAsync("test");
    }

    private static final class QueueSink implements Sink<IngestRecord> {
        private static final long serialVersionUID = 1;

        @Override
        public SinkWriter<IngestRecord> createWriter(WriterInitContext context) {
            return new SinkWriter<>() {
                @Override
                public void write(IngestRecord record, Context recordContext) {
                    WRITTEN.add(record);
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }
}

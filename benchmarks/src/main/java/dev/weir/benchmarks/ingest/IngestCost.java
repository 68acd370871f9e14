package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.sidebyside.ProcessCpu;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.standalone.broker.EmbeddedBroker;
import dev.weir.standalone.broker.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * CPU seconds per million samples: the aggregation job from Kafka to {@code weir.series}, and beside it Prometheus'
 * scrape and vmagent's stream aggregation of the same pages at the same rate, each process by {@code /proc}. This process
 * has the broker, the pages and the producer, which do not count.
 */
@Command(name = "ingest-cost", mixinStandardHelpOptions = true)
public final class IngestCost implements Callable<Integer> {
    /** The warm-up ends with at least these at the speed that is measured. */
    private static final int SECONDS_AT_FULL_TIME = 20;

    @Option(names = "--targets", description = "vLLM pods (${DEFAULT-VALUE})")
    int targets = 1_000;

    @Option(names = "--distinct-pods", description = "whose pages the targets share (${DEFAULT-VALUE})")
    int distinctPods = 100;

    @Option(names = "--interval-seconds", description = "between two scrapes of a pod (${DEFAULT-VALUE})")
    int intervalSeconds = 10;

    @Option(names = "--warm-up-rounds", description = "rounds of scrapes before the measurement (${DEFAULT-VALUE})")
    int warmUpRounds = 150;

    @Option(
            names = "--warm-up-speed",
            description = "how many times faster the job gets these, but for the last " + SECONDS_AT_FULL_TIME
                    + " s; the peers scrape as ever (${DEFAULT-VALUE})")
    int warmUpSpeed = 6;

    @Option(names = "--rounds", description = "rounds of scrapes that are measured (${DEFAULT-VALUE})")
    int rounds = 6;

    @Option(names = "--parallelism", description = "of the job (${DEFAULT-VALUE})")
    int parallelism = 1;

    @Option(names = "--prometheus", description = "a Prometheus to measure beside")
    @Nullable
    Path prometheus;

    @Option(names = "--vmagent", description = "a vmagent to measure beside")
    @Nullable
    Path vmagent;

    @Option(
            names = "--job-option",
            description = "for the job's JVM instead of those of ./weir, such as -Xmx1g; may be repeated")
    List<String> jobOptions =
            List.of("-Xmx2g", "-Dpekko.scheduler.tick-duration=250ms", "-XX:PerfDataSamplingInterval=1000");

    public static void main(String[] args) {
        System.exit(new CommandLine(new IngestCost()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("ingest-cost");
        FleetPages pages = new FleetPages(
                Math.min(targets, distinctPods),
                warmUpRounds + rounds + 1,
                Duration.ofSeconds(intervalSeconds),
                FleetPages.MIXED);
        System.out.printf(
                Locale.ROOT,
                "%d targets of %.1f samples (%.0f bytes) every %d s: %.0f samples/s%n",
                targets,
                pages.samples(),
                pages.bytes(),
                intervalSeconds,
                targets * pages.samples() / intervalSeconds);
        Map<String, Process> measured = new LinkedHashMap<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"));
                PageServer server = new PageServer(pages, targets)) {
            WeirConfig config = writeConfig(directory, broker);
            measured.put("weir, Kafka to weir.series", startJob(directory));
            Peers peers = new Peers(directory, server.address(), targets, intervalSeconds);
            if (prometheus != null) {
                measured.put("prometheus, scrape", peers.prometheus(prometheus));
            }
            if (vmagent != null) {
                measured.put("vmagent, stream aggregation", peers.vmagent(vmagent));
            }
            long beganNanos = System.nanoTime();
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(producer(config));
                    Backlog backlog =
                            new Backlog(client(config), config.kafka().topics().scrapes())) {
                produce(producer, backlog, config, pages, measured, server);
                printSizes(directory, config, (System.nanoTime() - beganNanos) / 1e9);
            }
        } finally {
            for (Process process : measured.values()) {
                process.destroy();
                process.waitFor(20, TimeUnit.SECONDS);
                process.destroyForcibly();
            }
        }
        return 0;
    }

    /** What was used so far: CPU seconds by process, of these the job's compilers, and pages served. */
    private record Used(Map<String, Double> cpu, double compilers, long pages) {}

    private void produce(
            KafkaProducer<byte[], byte[]> producer,
            Backlog backlog,
            WeirConfig config,
            FleetPages pages,
            Map<String, Process> measured,
            PageServer server)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        EventCodec<ScrapeEvent> codec = new EventCodec<>(ScrapeEvent.class);
        Used before = used(measured, server);
        Future<?> sent = CompletableFuture.completedFuture(null);
        int roundsAtFullTime = (SECONDS_AT_FULL_TIME + intervalSeconds - 1) / intervalSeconds;
        long roundNanos = System.nanoTime();
        long watchedMs = System.currentTimeMillis();
        for (int round = 0; round < warmUpRounds + rounds; round++) {
            if (round == warmUpRounds) {
                before = used(measured, server);
            }
            int speed = round < warmUpRounds - roundsAtFullTime ? warmUpSpeed : 1;
            long takesNanos = Duration.ofSeconds(intervalSeconds).toNanos() / speed;
            for (int target = 0; target < targets; target++) {
                TimeUnit.NANOSECONDS.sleep(roundNanos + takesNanos * target / targets - System.nanoTime());
                byte[] event = codec.encode(event(target, pages.page(target % pages.pods(), round), watchedMs));
                byte[] key = Integer.toString(target).getBytes(StandardCharsets.UTF_8);
                sent = producer.send(
                        new ProducerRecord<>(config.kafka().topics().scrapes(), key, event));
            }
            roundNanos += takesNanos;
        }
        double late = (System.nanoTime() - roundNanos) / 1e9;
        producer.flush();
        sent.get();
        Used after = used(measured, server);
        double behind = backlog.awaitRead();
        print(before, after, pages.samples());
        System.out.printf(
                Locale.ROOT,
                "the last page was sent %.1f s late, and %.1f s later the job had stored all it read (every %d s)%n",
                Math.max(0, late),
                behind,
                config.aggregation().window().toSeconds());
    }

    private void print(Used before, Used after, double samplesOfPage) {
        double millions = rounds * targets * samplesOfPage / 1e6;
        double served = (after.pages() - before.pages()) * samplesOfPage / 1e6;
        int scrapers = after.cpu().size() - 1;
        after.cpu().forEach((name, cpu) -> {
            double seconds = cpu - before.cpu().getOrDefault(name, 0.0);
            double samples = name.startsWith("weir") ? millions : served / Math.max(1, scrapers);
            System.out.printf(
                    Locale.ROOT,
                    "%-30s %6.2f CPU s of %5.1f M samples: %.3f CPU s per million%n",
                    name,
                    seconds,
                    samples,
                    seconds / samples);
        });
        double compiled = after.compilers() - before.compilers();
        System.out.printf(
                Locale.ROOT,
                "of weir's, the JVM's compilers %5.2f CPU s: %.3f CPU s per million, which end in time%n",
                compiled,
                compiled / millions);
    }

    /** What a target takes on disk: in the topics, as they are stored, and in a checkpoint. */
    private void printSizes(Path directory, WeirConfig config, double tookSeconds) throws IOException {
        double scrapes = (double) targets * (warmUpRounds + rounds);
        double windows = tookSeconds / config.aggregation().window().toSeconds();
        Path kafka = directory.resolve("kafka");
        System.out.printf(
                Locale.ROOT,
                "scrapes %.1f kB each in the topic, results %.1f kB a window, checkpoint %.1f kB a target%n",
                StoredBytes.topic(kafka, config.kafka().topics().scrapes()) / scrapes / 1e3,
                StoredBytes.topic(kafka, config.kafka().topics().series()) / windows / 1e3,
                StoredBytes.checkpoint(directory.resolve("checkpoints")) / (double) targets / 1e3);
    }

    private static Used used(Map<String, Process> processes, PageServer server) throws IOException {
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (Map.Entry<String, Process> entry : processes.entrySet()) {
            if (!entry.getValue().isAlive()) {
                throw new IOException(entry.getKey() + ": ended (expected: to run)");
            }
            seconds.put(entry.getKey(), ProcessCpu.seconds(entry.getValue().pid()));
        }
        long job = processes.values().iterator().next().pid();
        return new Used(seconds, ProcessCpu.compilerSeconds(job), server.served());
    }

    private ScrapeEvent event(int target, byte[] page, long watchedMs) {
        long now = System.currentTimeMillis();
        return ScrapeEvent.newBuilder()
                .setProject("default")
                .setJob("vllm")
                .setTargetUrl("http://10.0." + target / 250 + "." + target % 250 + ":8000/metrics")
                .setLabels(Map.of(
                        "job", "vllm",
                        "instance", "10.0." + target / 250 + "." + target % 250 + ":8000",
                        "pod", "vllm-chat-" + target,
                        "namespace", "inference",
                        "pipeline_name", "chat-" + target % 10))
                .setScraperId("benchmark")
                .setRequestStartMs(now - 5)
                .setRequestEndMs(now)
                .setIntervalMs(intervalSeconds * 1000L)
                .setWatchedSinceMs(watchedMs)
                .setOutcome(ScrapeOutcome.BODY)
                .setContentType("text/plain; version=0.0.4; charset=utf-8")
                .setBody(ByteBuffer.wrap(page))
                .build();
    }

    private static WeirConfig writeConfig(Path directory, EmbeddedBroker broker) throws IOException {
        Path file = directory.resolve("weir.yml");
        Files.writeString(file, "kafka: {bootstrap_servers: \"" + broker.bootstrapServers() + "\"}\n");
        WeirConfig config = WeirConfig.load(file);
        Topics.ensure(config.kafka());
        return config;
    }

    private static Properties client(WeirConfig config) throws IOException {
        Properties properties = new Properties();
        properties.putAll(config.kafka().clientProperties());
        return properties;
    }

    private static Properties producer(WeirConfig config) throws IOException {
        Properties properties = client(config);
        properties.setProperty("key.serializer", ByteArraySerializer.class.getName());
        properties.setProperty("value.serializer", ByteArraySerializer.class.getName());
        properties.setProperty("compression.type", "lz4");
        properties.setProperty("linger.ms", "20");
        properties.setProperty("batch.size", Integer.toString(1 << 20));
        return properties;
    }

    private Process startJob(Path directory) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        for (String opened : List.of("lang", "net", "nio", "time", "util", "util.concurrent")) {
            command.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
        }
        command.addAll(jobOptions);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                JobProcess.class.getName(),
                directory.resolve("weir.yml").toString(),
                directory.resolve("checkpoints").toString(),
                Integer.toString(parallelism)));
        return Peers.start(command, directory.resolve("job.log"), Map.of());
    }
}

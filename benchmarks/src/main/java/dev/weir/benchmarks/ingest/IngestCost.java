package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.sidebyside.ProcessCpu;
import dev.weir.configuration.WeirConfig;
import dev.weir.standalone.broker.EmbeddedBroker;
import dev.weir.standalone.broker.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    @Option(
            names = "--catch-up-rounds",
            description =
                    "rounds of scrapes that are written after that while the job is paused, and read as fast as it"
                            + " can (${DEFAULT-VALUE})")
    int catchUpRounds = 0;

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
    List<String> jobOptions = List.of(
            "-Xmx2g",
            "-Dpekko.scheduler.tick-duration=250ms",
            "-XX:PerfDataSamplingInterval=1000",
            "-XX:G1ConcRefinementGreenZone=1000",
            "-XX:+UseTransparentHugePages");

    public static void main(String[] args) {
        System.exit(new CommandLine(new IngestCost()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("ingest-cost");
        FleetPages pages = new FleetPages(
                Math.min(targets, distinctPods),
                warmUpRounds + rounds + catchUpRounds + 1,
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
            try (ScrapeFeed feed = new ScrapeFeed(config, pages, targets, intervalSeconds);
                    Backlog backlog = new Backlog(
                            config.kafka().clientProperties(),
                            config.kafka().topics().scrapes())) {
                measure(feed, backlog, config, pages, measured, server);
                printSizes(directory, config, (System.nanoTime() - beganNanos) / 1e9);
                if (catchUpRounds > 0) {
                    catchUp(
                            feed,
                            backlog,
                            pages.samples(),
                            measured.values().iterator().next());
                }
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

    private void measure(
            ScrapeFeed feed,
            Backlog backlog,
            WeirConfig config,
            FleetPages pages,
            Map<String, Process> measured,
            PageServer server)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Used before = used(measured, server);
        int roundsAtFullTime = (SECONDS_AT_FULL_TIME + intervalSeconds - 1) / intervalSeconds;
        long roundNanos = System.nanoTime();
        for (int round = 0; round < warmUpRounds + rounds; round++) {
            if (round == warmUpRounds) {
                before = used(measured, server);
            }
            int speed = round < warmUpRounds - roundsAtFullTime ? warmUpSpeed : 1;
            long takesNanos = Duration.ofSeconds(intervalSeconds).toNanos() / speed;
            feed.send(round, roundNanos, takesNanos);
            roundNanos += takesNanos;
        }
        double late = (System.nanoTime() - roundNanos) / 1e9;
        feed.flush();
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

    /** How fast the job reads what came while it stood still. It stores what it read every window, so the last one counts too. */
    private void catchUp(ScrapeFeed feed, Backlog backlog, double samplesOfPage, Process job)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        signal(job, "STOP");
        try {
            for (int round = warmUpRounds + rounds; round < warmUpRounds + rounds + catchUpRounds; round++) {
                feed.send(round, System.nanoTime(), 0);
            }
            feed.flush();
        } finally {
            signal(job, "CONT");
        }
        double before = ProcessCpu.seconds(job.pid());
        double seconds = backlog.awaitRead();
        double cpu = ProcessCpu.seconds(job.pid()) - before;
        double millions = catchUpRounds * targets * samplesOfPage / 1e6;
        System.out.printf(
                Locale.ROOT,
                "caught up with %.1f M samples in %.1f s: %.2f M samples/s, %.3f CPU s per million%n",
                millions,
                seconds,
                millions / seconds,
                cpu / millions);
    }

    private static void signal(Process process, String signal) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + signal + ": ended with " + code + " (expected: 0)");
        }
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

    private static WeirConfig writeConfig(Path directory, EmbeddedBroker broker) throws IOException {
        Path file = directory.resolve("weir.yml");
        Files.writeString(file, "kafka: {bootstrap_servers: \"" + broker.bootstrapServers() + "\"}\n");
        WeirConfig config = WeirConfig.load(file);
        Topics.ensure(config.kafka());
        return config;
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

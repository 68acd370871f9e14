package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.schemas.DeadLetter;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real Prometheus on the PATH (2.42 or later) as the receiver: what it is sent is what it answers queries with. */
class PrometheusReceiverTest {
    private static final double STALE_NAN = Double.longBitsToDouble(0x7ff0000000000002L);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final Instant start = Instant.ofEpochSecond(Instant.now().getEpochSecond() - 120);
    private final HttpClient http = HttpClient.newHttpClient();
    private final CountingMetrics metrics = new CountingMetrics();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stopPrometheus() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void nativeHistogramsAndStalenessMarkersAreThereToQuery() throws Exception {
        URI prometheus = start("--enable-feature=native-histograms");
        Bisection bisection = bisection(prometheus, start);
        bisection.deliver(List.of(
                at(1, Requests.nativeHistogram(ms(1), "ttft_seconds", "model", "a"), Requests.series(ms(1), 1, "up")),
                at(
                        2,
                        Requests.nativeHistogram(ms(2), "ttft_seconds", "model", "a"),
                        Requests.series(ms(2), STALE_NAN, "up"))));
        assertEquals(List.of(), deadLetters);
        assertEquals(4, metrics.delivered);

        assertEquals("3", query(prometheus, "histogram_count(ttft_seconds{model=\"a\"})", 1));
        assertEquals("4.5", query(prometheus, "histogram_sum(ttft_seconds)", 2));
        // One observation up to 1, two up to 2; the median lies a quarter into the second bucket.
        double median = Double.parseDouble(query(prometheus, "histogram_quantile(0.5, ttft_seconds)", 2));
        assertTrue(median > 1 && median < 1.5, "median " + median);
        assertEquals("1", query(prometheus, "up", 1));
        assertEquals("", query(prometheus, "up", 2));
    }

    @Test
    void whatIsSentAgainIsThereOnceAndNoDeadLetter() throws Exception {
        URI prometheus = start("--enable-feature=native-histograms");
        List<SeriesRecord> records = new ArrayList<>();
        for (int second = 1; second <= 5; second++) {
            List<TimeSeries> series = new ArrayList<>(Requests.histogram(ms(second), "h"));
            series.add(twoPoints(second));
            series.add(Requests.nativeHistogram(ms(second), "n"));
            records.add(at(second, series.toArray(TimeSeries[]::new)));
        }
        bisection(prometheus, start).deliver(records);
        assertEquals(40, metrics.delivered);
        bisection(prometheus, start.plusSeconds(60)).deliver(records);
        assertEquals(List.of(), deadLetters);
        assertEquals(80, metrics.delivered + metrics.alreadyDelivered);
        assertEquals("10", query(prometheus, "count_over_time(c[30s])", 10));
        assertEquals("5", query(prometheus, "count_over_time(n[30s])", 10));
        assertEquals("5", query(prometheus, "count_over_time(h_bucket{le=\"2\"}[30s])", 10));
    }

    @Test
    void receiverWithoutNativeHistogramsGetsAllTheRest() throws Exception {
        URI prometheus = start();
        Bisection bisection = bisection(prometheus, start);
        for (int second = 1; second <= 3; second++) {
            bisection.deliver(List.of(
                    at(second, Requests.nativeHistogram(ms(second), "n"), Requests.series(ms(second), second, "c"))));
        }
        assertEquals(List.of(), deadLetters);
        assertEquals(0, metrics.retries);
        assertEquals("3", query(prometheus, "c", 3));
        assertEquals(3, metrics.delivered);
        assertEquals(java.util.Map.of(Withheld.NATIVE_HISTOGRAM_REFUSED, 3), metrics.withheld);
    }

    private TimeSeries twoPoints(long second) {
        return Requests.series(ms(second) - 500, (double) second, "c").toBuilder()
                .addSamples(Sample.newBuilder().setTimestamp(ms(second)).setValue((double) second))
                .build();
    }

    private long ms(long second) {
        return start.plusSeconds(second).toEpochMilli();
    }

    private SeriesRecord at(long second, TimeSeries... series) {
        return new SeriesRecord(
                "weir.series",
                0,
                second,
                ms(second),
                null,
                Requests.request(List.of(series)).toByteArray());
    }

    private Bisection bisection(URI prometheus, Instant attemptStart) {
        RemoteWriteConfig receiver = RemoteWriteConfig.of("prometheus", prometheus.resolve("/api/v1/write"));
        Pause never = wait -> {
            throw new IllegalStateException("a retry, where none was expected");
        };
        InstantSource clock = InstantSource.system();
        RemoteWriteClient client = new RemoteWriteClient(
                "prometheus",
                new HttpTransport(receiver),
                Backoff.of(receiver.queue()),
                new RemoteWriteClient.Surroundings(clock, never, new SplittableRandom(1)),
                metrics);
        return new Bisection("prometheus", client, deadLetters::add, metrics, attemptStart, clock);
    }

    /** The value of the only series in the answer at that second; empty if there is none. */
    private String query(URI prometheus, String expression, long second) throws IOException, InterruptedException {
        URI asked = prometheus.resolve(
                "/api/v1/query?time=" + start.plusSeconds(second).getEpochSecond() + "&query="
                        + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        String answer = http.send(HttpRequest.newBuilder(asked).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        List<String> values = Pattern.compile("\"value\":\\[[0-9.]+,\"([^\"]*)\"\\]")
                .matcher(answer)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertTrue(answer.startsWith("{\"status\":\"success\""), answer);
        assertTrue(values.size() <= 1, answer);
        return values.isEmpty() ? "" : values.get(0);
    }

    /** Returns when it is ready, which its log tells. */
    private URI start(String... flags) throws IOException {
        Assumptions.assumeTrue(onPath("prometheus"), "prometheus is not on the PATH");
        Path config = folder.resolve("prometheus.yml");
        Files.writeString(config, "");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--web.enable-remote-write-receiver"));
        command.addAll(List.of(flags));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            text.append(line).append('\n');
            if (line.contains("Server is ready to receive web requests")) {
                Thread drain = new Thread(() -> log.lines().forEach(rest -> {}), "prometheus-log");
                drain.setDaemon(true);
                drain.start();
                return URI.create("http://127.0.0.1:" + port);
            }
        }
        throw new IOException("prometheus ended: " + text);
    }

    private static boolean onPath(String program) {
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}

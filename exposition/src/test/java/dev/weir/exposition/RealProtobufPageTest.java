package dev.weir.exposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.HistogramBuckets;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prometheus' own page, which it serves both as text and as protobuf, from version 3 on with native histograms beside
 * classic ones.
 */
class RealProtobufPageTest {
    private static final String PROTOBUF = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
            + "encoding=delimited;q=0.6,*/*;q=0.1";
    private static final String TEXT = "text/plain;version=0.0.4";
    private static final long START_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private Process prometheus;

    @SuppressWarnings("NullAway.Init")
    private URI page;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                List.of(System.getenv("PATH").split(":")).stream()
                        .anyMatch(entry -> Files.isExecutable(Path.of(entry, "prometheus"))),
                "prometheus is not installed");
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path config = Files.writeString(
                folder.resolve("prometheus.yml"),
                "scrape_configs: [{job_name: self, scrape_interval: 1s, "
                        + "scrape_timeout: 1s, static_configs: [{targets: ['127.0.0.1:" + port + "']}]}]\n");
        prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        page = URI.create("http://127.0.0.1:" + port + "/metrics");
        awaitStart();
    }

    @AfterEach
    void stop() {
        if (prometheus != null) {
            prometheus.destroyForcibly();
        }
    }

    @Test
    void protobufSaysWhatTextSaysAndItsNativeHistogramsAgreeWithTheirClassicBuckets() throws Exception {
        // Some scrapes of the page itself must have ended before it has histograms of them.
        for (int i = 0; i < 5; i++) {
            fetch(TEXT);
        }
        Map<String, String> before = values(fetch(TEXT));
        Assembly protobuf = fetch(PROTOBUF);
        Map<String, String> after = values(fetch(TEXT));
        Map<String, String> read = values(protobuf);
        assertTrue(after.keySet().containsAll(before.keySet()));
        int same = 0;
        for (Map.Entry<String, String> series : before.entrySet()) {
            assertTrue(read.containsKey(series.getKey()), series.getKey());
            // What moves between the pages has no one value, and what may fall may have moved there and back.
            boolean rises =
                    !series.getKey().startsWith("GAUGE") && !series.getKey().startsWith("UNKNOWN");
            if (rises && series.getValue().equals(after.get(series.getKey()))) {
                assertEquals(series.getValue(), read.get(series.getKey()), series.getKey());
                same++;
            }
        }
        assertTrue(same > 50, "series that did not move: " + same);
        for (AssembledFamily family : protobuf.families()) {
            for (AssembledSeries series : family.series()) {
                if (series instanceof NativeHistogramSeries histogram) {
                    assertAgrees(histogram, classicOf(family, histogram));
                }
            }
        }
    }

    private static HistogramSeries classicOf(AssembledFamily family, NativeHistogramSeries histogram) {
        return family.series().stream()
                .filter(HistogramSeries.class::isInstance)
                .map(HistogramSeries.class::cast)
                .filter(series -> series.labels().equals(histogram.labels()))
                .findFirst()
                .orElseThrow();
    }

    /** The same observations are in both, so that each classic count lies between two sums of native buckets. */
    private static void assertAgrees(NativeHistogramSeries histogram, HistogramSeries classic) {
        assertEquals(classic.count(), histogram.histogram().count());
        assertEquals(classic.sum(), histogram.histogram().sum());
        for (int i = 0; i < classic.upperBounds().length; i++) {
            double least = 0;
            double most = 0;
            for (HistogramBuckets.Bucket bucket : new HistogramBuckets(histogram.histogram())) {
                least += bucket.upper() <= classic.upperBounds()[i] ? bucket.count() : 0;
                most += bucket.lower() < classic.upperBounds()[i] ? bucket.count() : 0;
            }
            double count = classic.cumulativeCounts()[i];
            assertTrue(
                    least <= count && count <= most, classic + " at " + classic.le()[i] + ": " + least + ", " + most);
        }
    }

    /** Values by series, histograms by family and bounds, as numbers: text writes 1 where protobuf's reader has 1.0. */
    private static Map<String, String> values(Assembly assembly) {
        Map<String, String> values = new TreeMap<>();
        for (AssembledFamily family : assembly.families()) {
            String head = family.type() + " " + family.help() + " ";
            for (AssembledSeries series : family.series()) {
                String key = head + series.name() + series.labels();
                if (series instanceof PointSeries point) {
                    values.put(key, Double.toString(point.value()));
                } else if (series instanceof HistogramSeries histogram) {
                    values.put(
                            key + Arrays.toString(histogram.upperBounds()),
                            Arrays.toString(histogram.cumulativeCounts()) + histogram.sum());
                } else if (series instanceof SummarySeries summary) {
                    values.put(key + Arrays.toString(summary.quantiles()), summary.sum() + " " + summary.count());
                }
            }
        }
        return values;
    }

    private Assembly fetch(String accept) throws IOException, InterruptedException, ExpositionException {
        HttpResponse<byte[]> response = client.send(
                HttpRequest.newBuilder(page).header("Accept", accept).build(), HttpResponse.BodyHandlers.ofByteArray());
        ExpositionFormat format = ExpositionFormat.ofContentType(
                response.headers().firstValue("Content-Type").orElse(""));
        assertEquals(accept.equals(PROTOBUF), format == ExpositionFormat.PROTOBUF_DELIMITED);
        return SeriesAssembler.assemble(ExpositionParser.parse(response.body(), format, ParseMode.STRICT));
    }

    private void awaitStart() throws InterruptedException {
        long deadline = System.nanoTime() + START_NS;
        while (true) {
            try {
                fetch(TEXT);
                return;
            } catch (IOException | ExpositionException e) {
                assertTrue(System.nanoTime() < deadline, "prometheus did not start");
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }
}

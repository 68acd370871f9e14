package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.exposition.AssembledFamily;
import dev.weir.exposition.AssembledSeries;
import dev.weir.exposition.ExpositionException;
import dev.weir.exposition.ExpositionFormat;
import dev.weir.exposition.ExpositionParser;
import dev.weir.exposition.HistogramSeries;
import dev.weir.exposition.NativeHistogramSeries;
import dev.weir.exposition.ParseMode;
import dev.weir.exposition.PointSeries;
import dev.weir.exposition.Sample;
import dev.weir.exposition.SeriesAssembler;
import dev.weir.series.BucketCounts;
import dev.weir.simulator.FleetOptions;
import dev.weir.simulator.FleetSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulator's protobuf pages, by the parser that shares no code with their writer. */
class ProtobufFleetTest {
    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private volatile Instant now = START;

    @Test
    void pageInProtobufHasWhatTextHasAndTheBinsOfTheTruth() throws Exception {
        FleetOptions options = FleetOptions.builder()
                .seed(7)
                .vllmPods(0)
                .torchServePods(0)
                .wallarooPods(0)
                .cadvisorNodes(0)
                .giePods(1)
                .clock(() -> now)
                .background(false)
                .sdFile(folder.resolve("targets.json"))
                .build();
        try (FleetSimulator simulator = FleetSimulator.start(options)) {
            now = START.plus(Duration.ofMinutes(5));
            simulator.settle();
            JsonNode pod = new PromClient(simulator.adminUri())
                    .get("/truth", Map.of())
                    .path("pods")
                    .get(0);
            URI page = URI.create("http://" + pod.path("address").asText() + "/metrics");
            Map<String, AssembledSeries> text = series(page, "text/plain;version=0.0.4");
            Map<String, AssembledSeries> protobuf = series(page, PROTOBUF);
            assertEquals(List.copyOf(text.keySet()), without(protobuf, NativeHistogramSeries.class));
            text.forEach((name, series) -> assertSame(series, Objects.requireNonNull(protobuf.get(name))));
            int compared = 0;
            for (JsonNode truth : pod.path("series")) {
                if (truth.has("native_bins")) {
                    assertEquals(bins(truth.path("native_bins")), bins(truth, protobuf));
                    compared++;
                }
            }
            assertTrue(compared > 0, "histograms with native bins in the truth");
        }
    }

    private static void assertSame(AssembledSeries expected, AssembledSeries actual) {
        if (expected instanceof HistogramSeries histogram) {
            HistogramSeries other = (HistogramSeries) actual;
            assertArrayEquals(histogram.upperBounds(), other.upperBounds());
            assertArrayEquals(histogram.cumulativeCounts(), other.cumulativeCounts());
            assertEquals(histogram.sum(), other.sum());
            assertTrue(other.createdMs() >= START.toEpochMilli(), other.toString());
        } else if (expected instanceof PointSeries point) {
            assertEquals(point.value(), ((PointSeries) actual).value());
            assertEquals(point.type(), ((PointSeries) actual).type());
        }
        assertEquals(Sample.NO_TIMESTAMP, expected.createdMs());
    }

    private static Map<Integer, Double> bins(JsonNode truth) {
        Map<Integer, Double> bins = new TreeMap<>();
        truth.properties()
                .forEach(bin ->
                        bins.put(Integer.valueOf(bin.getKey()), bin.getValue().asDouble()));
        return bins;
    }

    private static Map<Integer, Double> bins(JsonNode truth, Map<String, AssembledSeries> page) {
        Map<Integer, Double> bins = new TreeMap<>();
        for (AssembledSeries series : page.values()) {
            if (series instanceof NativeHistogramSeries histogram
                    && histogram.name().equals(truth.path("name").asText())
                    && histogram
                            .labels()
                            .getOrEmpty("target_model_name")
                            .equals(truth.path("labels")
                                    .path("target_model_name")
                                    .asText())) {
                BucketCounts positive = histogram.histogram().positive();
                for (int i = 0; i < positive.size(); i++) {
                    bins.put(positive.index(i), positive.count(i));
                }
            }
        }
        return bins;
    }

    private static List<String> without(Map<String, AssembledSeries> page, Class<?> kind) {
        return page.entrySet().stream()
                .filter(entry -> !kind.isInstance(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Map<String, AssembledSeries> series(URI page, String accept)
            throws IOException, InterruptedException, ExpositionException {
        HttpResponse<byte[]> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(page).header("Accept", accept).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        ExpositionFormat format = ExpositionFormat.ofContentType(
                response.headers().firstValue("Content-Type").orElse(""));
        assertEquals(accept.equals(PROTOBUF), format == ExpositionFormat.PROTOBUF_DELIMITED);
        Map<String, AssembledSeries> all = new TreeMap<>();
        for (AssembledFamily family : SeriesAssembler.assemble(
                        ExpositionParser.parse(response.body(), format, ParseMode.STRICT))
                .families()) {
            for (AssembledSeries series : family.series()) {
                String kind = series instanceof NativeHistogramSeries ? " native" : "";
                all.put(series.name() + series.labels() + kind, series);
            }
        }
        return all;
    }
}

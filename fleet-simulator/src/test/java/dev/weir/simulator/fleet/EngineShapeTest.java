package dev.weir.simulator.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the simulated engines expose against what was captured from real ones. */
class EngineShapeTest {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:0-9]+)(?:\\{(.*?)(,?)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_0-9]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    @Test
    void vllmHasEveryCurrentFamilyOfTheCaptureWithItsTypeAndLabels() throws IOException {
        Map<String, Shape> captured = shapes(shared("captures/vllm/datadog_vllm_metrics.txt"));
        Map<String, Shape> exposed = shapes(expose(EngineKind.VLLM, "text/plain"));
        int compared = 0;
        for (Map.Entry<String, Shape> family : captured.entrySet()) {
            String name = family.getKey();
            // What v0 had and v1 has not.
            if (name.matches("vllm:(num_requests_swapped|[gc]pu_cache_usage_perc|time_per_output_token_seconds|"
                    + "request_params_best_of|avg_.*|cache_config_info)")) {
                continue;
            }
            Shape shape = find(exposed, name);
            assertEquals(family.getValue().type, shape.type, name);
            TreeSet<String> labels = new TreeSet<>(shape.labels);
            if (name.startsWith("vllm:")) {
                assertTrue(labels.remove("engine"), name + " tells its engine");
            }
            assertEquals(family.getValue().labels, labels, name);
            compared++;
        }
        assertTrue(compared > 40, "compared " + compared);
    }

    @Test
    void vllmBucketsAreTheDocumentedOnes() throws IOException {
        Map<String, List<String>> documented = new HashMap<>();
        for (String line : shared("engines.md").split("\n")) {
            Matcher matcher =
                    Pattern.compile("- vLLM (\\w+).*?: ([0-9. ]+?)(;.*)?").matcher(line);
            if (matcher.matches()) {
                documented.put(matcher.group(1), List.of(matcher.group(2).split(" ")));
            }
        }
        Map<String, String> families = Map.of(
                "vllm:e2e_request_latency_seconds", "request_latency",
                "vllm:request_queue_time_seconds", "request_latency",
                "vllm:time_to_first_token_seconds", "time_to_first_token",
                "vllm:inter_token_latency_seconds", "inter_token_latency",
                "vllm:request_time_per_output_token_seconds", "inter_token_latency",
                "vllm:iteration_tokens_total", "iteration_tokens",
                "vllm:request_params_n", "request_params_n",
                "vllm:kv_block_lifetime_seconds", "kv_cache_residency");
        Map<String, Shape> exposed = shapes(expose(EngineKind.VLLM, "text/plain"));
        families.forEach((family, layout) -> {
            List<String> bounds = find(documented, layout);
            Shape shape = find(exposed, family);
            List<Double> expected =
                    new ArrayList<>(bounds.stream().map(Double::valueOf).toList());
            expected.add(Double.POSITIVE_INFINITY);
            assertEquals(expected, new ArrayList<>(new TreeSet<>(shape.bounds)), family);
        });
    }

    @Test
    void vllmExposesSomeHundredSeriesAndEveryHistogramIsWhole() {
        String text = expose(EngineKind.VLLM, "text/plain");
        Map<String, Double> samples = SimulatedFleet.samples(text);
        assertTrue(samples.size() >= 560 && samples.size() <= 800, "series " + samples.size());
        int histograms = 0;
        for (Map.Entry<String, Double> sample : samples.entrySet()) {
            if (sample.getKey().contains("le=\"+Inf\"")) {
                String count = sample.getKey()
                        .replace("_bucket{", "_count{")
                        .replaceAll("le=\"\\+Inf\",?", "")
                        .replace(",}", "}")
                        .replace("{}", "");
                assertEquals(sample.getValue(), samples.get(count), count);
                histograms++;
            }
        }
        assertTrue(histograms >= 23, "histograms " + histograms);
    }

    @Test
    void openMetricsHasTheSameSamplesAsText() {
        Map<String, Double> text = SimulatedFleet.samples(expose(EngineKind.VLLM, "text/plain"));
        String openMetrics = expose(EngineKind.VLLM, "application/openmetrics-text;version=1.0.0");
        assertTrue(openMetrics.endsWith("# EOF\n"));
        assertEquals(text, SimulatedFleet.samples(openMetrics));
    }

    @Test
    void torchServeLooksAsCaptured() throws IOException {
        String capture = shared("captures/torchserve/datadog_torchserve_metrics.txt");
        String exposed = expose(EngineKind.TORCHSERVE, "text/plain");
        Map<String, Shape> captured = shapes(capture);
        Map<String, Shape> ours = shapes(exposed);
        assertEquals(new TreeSet<>(captured.keySet()), new TreeSet<>(ours.keySet()));
        captured.forEach((name, shape) -> {
            Shape own = find(ours, name);
            assertEquals(shape.type, own.type, name);
            assertEquals(shape.help, own.help, name);
            // A host without a GPU announces its families all the same.
            if (!name.startsWith("GPU")) {
                assertEquals(shape.labels, own.labels, name);
            }
        });
        for (String line : exposed.split("\n")) {
            assertTrue(line.startsWith("#") || line.contains(",} "), line);
        }
    }

    @Test
    void endpointPickerHasTheDocumentedFamilies() throws IOException {
        Map<String, Shape> exposed = shapes(expose(EngineKind.GIE, "text/plain"));
        int documented = 0;
        for (String line :
                shared("seeds/gateway-api-inference-extension-metrics.txt").split("\n")) {
            Matcher matcher =
                    Pattern.compile("(inference_\\w+) \\| (\\w+) \\|.*").matcher(line);
            if (matcher.matches()) {
                Shape shape = find(exposed, matcher.group(1));
                String type = matcher.group(2).equals("Distribution") ? "histogram" : matcher.group(2);
                assertTrue(shape.type.equalsIgnoreCase(type), matcher.group(1));
                assertTrue(shape.help.startsWith("[ALPHA] "), shape.help);
                documented++;
            }
        }
        assertEquals(9, documented);
    }

    private static String expose(EngineKind kind, String accept) {
        SimulatedFleet simulated = new SimulatedFleet(1, Churn.NONE, SimulatedFleet.of(kind, 1, 20));
        simulated.clock.advance(Duration.ofMinutes(2));
        return simulated.scrape(10_000, accept);
    }

    private static String shared(String path) throws IOException {
        Path file = Path.of(System.getProperty("weir.root", "."), "..", "shared", path);
        Assumptions.assumeTrue(Files.exists(file), "the shared captures are not here: " + file);
        return Files.readString(file);
    }

    private static <T> T find(Map<String, T> map, String name) {
        T found = map.get(name);
        if (found == null) {
            throw new AssertionError(name + " is not among " + map.keySet());
        }
        return found;
    }

    private static Map<String, Shape> shapes(String text) {
        Map<String, Shape> shapes = new TreeMap<>();
        for (String line : text.split("\n")) {
            if (line.startsWith("# ")) {
                String[] words = line.split(" ", 4);
                Shape shape = shapes.computeIfAbsent(words[2], name -> new Shape());
                if (words[1].equals("TYPE")) {
                    shape.type = words[3];
                } else {
                    shape.help = words[3];
                }
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            assertTrue(sample.matches(), line);
            String family = shapes.containsKey(sample.group(1))
                    ? sample.group(1)
                    : sample.group(1).replaceFirst("_(bucket|count|sum)$", "");
            Shape shape = find(shapes, family);
            Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
            while (label.find()) {
                if (label.group(1).equals("le")) {
                    shape.bounds.add(
                            label.group(2).equals("+Inf")
                                    ? Double.POSITIVE_INFINITY
                                    : Double.parseDouble(label.group(2)));
                } else {
                    shape.labels.add(label.group(1));
                }
            }
        }
        return shapes;
    }

    private static final class Shape {
        private String type = "";
        private String help = "";
        private final TreeSet<String> labels = new TreeSet<>();
        private final List<Double> bounds = new ArrayList<>();
    }
}

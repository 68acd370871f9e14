package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real pages of real engines, served by a plain HTTP server: every counter, gauge and histogram family of every page can be
 * queried with its type. What the pages hold is read here line by line, with none of the project's parsers.
 */
class CapturesTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Test
    void makesEveryFamilyQueryableWithItsType(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        Path captures = SharedFolder.file("captures");
        List<Path> pages;
        try (Stream<Path> files = Files.walk(captures)) {
            pages = files.filter(file -> file.toString().matches(".*\\.(txt|om)"))
                    .filter(file -> !file.toString().contains("/conformance/"))
                    .sorted()
                    .toList();
        }
        HttpServer server = serve(captures, pages);
        int port = FreePort.next();
        Path config = folder.resolve("weir.yml");
        Files.writeString(config, configuration(folder, captures, pages, server, port));
        try (WeirProcess weir = WeirProcess.startAll(folder.resolve("weir.log"), "up", "--config", config.toString())) {
            weir.awaitLog("ready", LIMIT);
            PromClient client = new PromClient(URI.create("http://127.0.0.1:" + port));
            for (Path page : pages) {
                Map<String, String> families = families(page);
                String job = captures.relativize(page).toString();
                Until.holds(job + ": ", LIMIT, () -> absent(client, job, families.keySet()), List::isEmpty);
            }
            assertEquals(Map.of(), wrongTypes(client, pages));
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer serve(Path captures, List<Path> pages) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        for (Path page : pages) {
            byte[] body = Files.readAllBytes(page);
            // A page that lacks the end mark is none of OpenMetrics; it is served as text.
            String type = new String(body, StandardCharsets.UTF_8).endsWith("# EOF\n")
                    ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                    : "text/plain; version=0.0.4; charset=utf-8";
            server.createContext("/" + captures.relativize(page), exchange -> {
                exchange.getResponseHeaders().set("Content-Type", type);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
        }
        server.setExecutor(Executors.newFixedThreadPool(2));
        server.start();
        return server;
    }

    private static String configuration(Path folder, Path captures, List<Path> pages, HttpServer server, int port) {
        StringBuilder yaml = new StringBuilder(
                "data_dir: " + folder.resolve("data") + "\nquery: {listen: 127.0.0.1:" + port + "}\nscrape_configs:\n");
        for (Path page : pages) {
            Path name = captures.relativize(page);
            yaml.append("- job_name: \"%s\"\n".formatted(name))
                    .append("  scrape_interval: 10s\n")
                    .append("  metrics_path: \"/%s\"\n".formatted(name))
                    .append("  static_configs: [{targets: [\"127.0.0.1:%d\"]}]\n"
                            .formatted(server.getAddress().getPort()));
        }
        return yaml.toString();
    }

    /** Families of the page with a TYPE line of the three types and a sample, by name. */
    private static Map<String, String> families(Path page) throws IOException {
        Map<String, String> types = new TreeMap<>();
        TreeSet<String> sampled = new TreeSet<>();
        for (String line : Files.readAllLines(page)) {
            String[] words = line.trim().split("\\s+");
            if (line.startsWith("# TYPE ") && words.length >= 4) {
                types.put(words[2], words[3]);
            } else if (!line.startsWith("#") && !line.isBlank()) {
                sampled.add(line.split("[{\\s]")[0]);
            }
        }
        types.keySet().removeIf(name -> name.endsWith("_created") && types.containsKey(base(name, types)));
        types.values()
                .removeIf(type -> !List.of("counter", "gauge", "histogram").contains(type));
        types.entrySet()
                .removeIf(family ->
                        series(family.getKey(), family.getValue()).stream().noneMatch(sampled::contains));
        return types;
    }

    /** The family whose start times a {@code _created} family holds. */
    private static String base(String created, Map<String, String> types) {
        String base = created.substring(0, created.length() - "_created".length());
        return types.containsKey(base) ? base : base + "_total";
    }

    private static List<String> series(String family, String type) {
        return type.equals("histogram")
                ? List.of(family + "_count", family + "_bucket")
                : List.of(family, family + "_total");
    }

    private static List<String> absent(PromClient client, String job, Iterable<String> families) {
        TreeSet<String> present = new TreeSet<>();
        JsonNode names = client.get("/api/v1/label/__name__/values", Map.of("match[]", "{job=\"" + job + "\"}"));
        names.path("data").forEach(name -> present.add(name.asText()));
        List<String> absent = new ArrayList<>();
        for (String family : families) {
            boolean found = Stream.of("", "_total", "_count", "_bucket").anyMatch(s -> present.contains(family + s));
            if (!found) {
                absent.add(family);
            }
        }
        return absent;
    }

    /** Families whose metadata names none of the types that the pages give them. */
    private static Map<String, String> wrongTypes(PromClient client, List<Path> pages) throws IOException {
        JsonNode metadata = client.get("/api/v1/metadata", Map.of()).path("data");
        Map<String, TreeSet<String>> expected = new TreeMap<>();
        for (Path page : pages) {
            families(page)
                    .forEach((name, type) -> expected.computeIfAbsent(name, key -> new TreeSet<>())
                            .add(type));
        }
        Map<String, String> wrong = new TreeMap<>();
        expected.forEach((name, types) -> {
            JsonNode entry = metadata.has(name) ? metadata.path(name) : metadata.path(name + "_total");
            boolean right = false;
            for (JsonNode one : entry) {
                right |= types.contains(one.path("type").asText());
            }
            if (!right) {
                wrong.put(name, types + ", not " + entry);
            }
        });
        return wrong;
    }
}

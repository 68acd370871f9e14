package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.producer.EventProducer;
import dev.weir.producer.ProducerOptions;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.schemas.Vantage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three who tell Weir of themselves: the Java library, the Python example and curl. Each tells two scrapes of a process that began a moment
 * ago, the second its last word, and some requests. Who is not installed is left out.
 */
final class Tellers {
    static final int COUNT = 11;
    static final int REQUESTS = 5;
    static final double SECONDS = 2.5;
    static final String PIPELINE = "told";

    private static final Path PYTHON_FOLDER =
            Path.of(System.getProperty("weir.root")).resolve("examples/python");
    private static final String PYTHON = "/usr/bin/python3";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI url;
    private final String broker;
    private final long startMs = System.currentTimeMillis();
    private final Set<String> told = new TreeSet<>();

    Tellers(URI url, String broker) {
        this.url = url;
        this.broker = broker;
    }

    /** Tells everything and returns who did. */
    List<String> tell() throws Exception {
        List<String> names = new ArrayList<>(List.of("java"));
        java();
        if (WeirProcess.onPath("curl")) {
            names.add("curl");
            curl();
        }
        if (hasPython()) {
            names.add("python");
            python();
        }
        return names;
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            run("", PYTHON, "-c", "import avro.schema, confluent_kafka");
            return true;
        } catch (IOException | AssertionError e) {
            return false;
        }
    }

    void assertEveryTopicIsReadByOthers() throws Exception {
        for (String topic : List.of("weir.scrapes", "weir.requests", "weir.series", "weir.dead-letters")) {
            if (WeirProcess.onPath("kcat")) {
                String sizes = run("", "kcat", "-b", broker, "-C", "-t", topic, "-c", "1", "-e", "-q", "-f", "%S\n");
                assertTrue(Integer.parseInt(sizes.strip()) > 0, topic + ": " + sizes);
            }
        }
        if (!hasPython()) {
            return;
        }
        Set<String> ids = new TreeSet<>();
        for (JsonNode event : decoded("weir.requests")) {
            if (event.path("pipeline").asText().equals(PIPELINE)) {
                ids.add(event.path("request_id").asText());
                assertEquals(
                        SECONDS * 1_000,
                        event.path("end_ms").asDouble() - event.path("start_ms").asDouble());
            }
        }
        assertEquals(told, ids);
        Set<String> kinds = new TreeSet<>();
        decoded("weir.scrapes").forEach(event -> kinds.add(event.path("event").asText()));
        decoded("weir.dead-letters")
                .forEach(event -> kinds.add(event.path("event").asText()));
        assertEquals(Set.of("DeadLetter", "ScrapeEvent", "Tick"), kinds);
        // Behind its last record stands the end of a transaction.
        assertTrue(decoded("weir.series").get(0).has("bytes"));
    }

    private List<JsonNode> decoded(String topic) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        for (String line : run("", PYTHON, PYTHON_FOLDER.resolve("consume.py").toString(), broker, topic, "40")
                .split("\n")) {
            events.add(JSON.readTree(line));
        }
        return events;
    }

    private void java() throws Exception {
        try (EventProducer producer = new EventProducer(ProducerOptions.of(broker))) {
            List<Future<?>> acknowledged = new ArrayList<>();
            acknowledged.add(producer.send(scrape(7, false)));
            acknowledged.add(producer.send(scrape(COUNT, true)));
            for (String id : ids("java")) {
                acknowledged.add(producer.send(RequestEvent.newBuilder()
                        .setRequestId(id)
                        .setProject("default")
                        .setPipeline(PIPELINE)
                        .setModel("java")
                        .setVantage(Vantage.ENGINE)
                        .setStatus(RequestStatus.OK)
                        .setStartMs(startMs)
                        .setEndMs(startMs + Math.round(SECONDS * 1_000))
                        .build()));
            }
            for (Future<?> event : acknowledged) {
                event.get();
            }
        }
    }

    private ScrapeEvent scrape(int count, boolean isLast) {
        long nowMs = System.currentTimeMillis() + count;
        return ScrapeEvent.newBuilder()
                .setProject("default")
                .setJob("told")
                .setTargetUrl("http://java:1/metrics")
                .setLabels(Map.of("job", "told", "instance", "java:1"))
                .setScraperId("e2e")
                .setRequestStartMs(nowMs)
                .setRequestEndMs(nowMs)
                .setIntervalMs(15_000)
                .setWatchedSinceMs(startMs - 60_000)
                .setOutcome(ScrapeOutcome.BODY)
                .setBody(ByteBuffer.wrap(page("java", count).getBytes(StandardCharsets.UTF_8)))
                .setLastWord(isLast)
                .build();
    }

    private void curl() throws Exception {
        String push = url + "/api/v1/scrapes?job=told&instance=curl:1";
        post(page("curl", 7), push);
        post(page("curl", COUNT), push + "&final=true");
        post(requests("curl"), url + "/api/v1/requests");
    }

    private static void post(String body, String to) throws Exception {
        assertEquals("204", run(body, "curl", "-s", "-o", "-", "-w", "%{http_code}", "--data-binary", "@-", to));
    }

    private void python() throws Exception {
        String program = PYTHON_FOLDER.resolve("produce.py").toString();
        List<String> scrape = List.of(
                PYTHON,
                program,
                broker,
                "scrape",
                "--job",
                "told",
                "--instance",
                "python:1",
                "--watched-since-ms",
                Long.toString(startMs - 60_000));
        run(page("python", 7), scrape.toArray(new String[0]));
        List<String> last = new ArrayList<>(scrape);
        last.add("--final");
        run(page("python", COUNT), last.toArray(new String[0]));
        run(requests("python"), PYTHON, program, broker, "requests");
    }

    private String page(String name, int count) {
        return "# TYPE told_total counter\ntold_total{via=\"" + name + "\"} " + count
                + "\n# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds " + startMs / 1e3 + "\n";
    }

    private String requests(String name) {
        return ids(name).stream()
                .map(id -> "{\"request_id\":\"" + id + "\",\"project\":\"default\",\"pipeline\":\"" + PIPELINE
                        + "\",\"model\":\"" + name + "\",\"vantage\":\"ENGINE\",\"status\":\"OK\",\"start_ms\":"
                        + startMs
                        + ",\"end_ms\":" + (startMs + Math.round(SECONDS * 1_000)) + "}\n")
                .collect(Collectors.joining());
    }

    private List<String> ids(String name) {
        List<String> ids =
                IntStream.range(0, REQUESTS).mapToObj(i -> name + "-" + i).toList();
        told.addAll(ids);
        return ids;
    }

    private static String run(String input, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> Arrays.toString(command) + ": " + printed);
        return printed;
    }
}

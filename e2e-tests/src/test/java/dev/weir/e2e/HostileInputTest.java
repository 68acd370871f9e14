package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.schemas.DeadLetter;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad targets, bad records and bad queries at one {@code weir up}: each is refused for a reason that is said and counted,
 * and beside them a healthy target goes on and is counted to the unit.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileInputTest {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration LIMIT = Duration.ofSeconds(45);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final int BAD_REQUEST = 400;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI api = URI.create("http://127.0.0.1:" + FreePort.next());
    private final PromClient client = new PromClient(api);

    @SuppressWarnings("NullAway.Init")
    private HostileTargets targets;

    @SuppressWarnings("NullAway.Init")
    private WeirProcess weir;

    /** Where the unreadable records are, by their keys. */
    private Map<String, RecordMetadata> places = Map.of();

    @BeforeAll
    void startAmongHostileTargets(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        targets = new HostileTargets();
        Path config = Files.writeString(
                folder.resolve("weir.yml"),
                "data_dir: " + folder.resolve("data") + "\nquery: {listen: \"127.0.0.1:" + api.getPort() + "\"}\n"
                        + targets.scrapeConfigs());
        weir = WeirProcess.startAll(folder.resolve("weir.log"), "up", "--config", config.toString());
        weir.awaitLog("Weir is ready", START_LIMIT);
        places = topics().writeScrapes(HostileRecords.unreadable());
        topics().writeScrapes(HostileRecords.nonsense());
    }

    /** After all of it. */
    @AfterAll
    void countsTheHealthyTargetToTheUnitAndStopsCleanly() throws Exception {
        try {
            double total = targets.freeze();
            Until.holds("healthy_total, in the end " + total + ": ", LIMIT, this::healthyTotal, now -> now == total);
            assertEquals(Map.of(), client.instant("weir_unaccounted_increments_total{metric=\"healthy_total\"}"));
        } finally {
            weir.close();
            targets.close();
        }
        assertEquals(0, weir.exitCode(STOP_LIMIT), weir::log);
        assertTrue(weir.log().contains("weir: stopped"), weir::log);
    }

    @Test
    void everyHostileTargetIsDownForAReasonThatTheLogNames() throws Exception {
        for (Map.Entry<String, String> hostile : HostileTargets.errors().entrySet()) {
            String job = hostile.getKey();
            Until.holds("up of " + job + ": ", LIMIT, () -> client.value("up{job=\"" + job + "\"}"), up -> up == 0);
            // On a busy machine the first scrape may time out, whatever else would be wrong.
            Until.holds(
                    "the log on " + job + " (expected: " + hostile.getValue() + "): ",
                    LIMIT,
                    weir::log,
                    log -> log.lines()
                            .anyMatch(line -> line.contains("Scrape of default " + job + " http://127.0.0.1:")
                                    && line.contains(hostile.getValue())));
        }
        assertTrue(jobMetric("weir_scrapes_failed_total")
                >= HostileTargets.errors().size());
        String failing = String.join("|", HostileTargets.errors().keySet());
        String told = "up|scrape_.+|inference_completeness_ratio";
        assertEquals(Map.of(), client.instant("{job=~\"" + failing + "\", __name__!~\"" + told + "\"}"));
        String complete = "inference_completeness_ratio{job=~\"" + failing + "\"} > 0";
        assertEquals(Map.of(), client.instant(complete));
    }

    @Test
    void theFirstOfDuplicateSeriesCounts() throws Exception {
        Until.holds("up: ", LIMIT, () -> client.value("up{job=\"duplicates\"}"), up -> up == 1);
        assertEquals(1, client.value("twice{job=\"duplicates\"}"));
        assertEquals(3, client.value("once{job=\"duplicates\"}"));
        assertTrue(weir.log().contains("1 duplicate samples left out (expected: each series once)"), weir::log);
        assertTrue(jobMetric("weir_duplicate_samples_total") >= 1);
    }

    @Test
    void unreadableRecordsBecomeDeadLettersAsTheyWere() throws Exception {
        Map<String, byte[]> records = HostileRecords.unreadable();
        List<DeadLetter> letters = topics().deadLetters(records.size(), LIMIT);
        assertEquals(records.keySet(), letters.stream().map(KafkaTopics::key).collect(Collectors.toSet()));
        for (DeadLetter letter : letters) {
            String key = KafkaTopics.key(letter);
            RecordMetadata place = Objects.requireNonNull(places.get(key));
            assertTrue(letter.getReason().startsWith(key), letter.getReason());
            assertEquals("weir.scrapes", letter.getTopic());
            assertEquals(place.partition(), letter.getPartition());
            assertEquals(place.offset(), letter.getOffset());
            assertEquals(place.timestamp(), letter.getAppendTimeMs());
            assertArrayEquals(records.get(key), letter.getValue().array());
        }
        assertTrue(jobMetric("weir_dead_letters_total") >= records.size());
    }

    @Test
    void readableRecordsOfNonsenseHurtNobodyElse() throws Exception {
        Until.holds("up: ", LIMIT, () -> client.value("up{job=\"gzip\"}"), up -> up == 0);
        Until.holds("up: ", LIMIT, () -> client.value("up{job=\"healthy\"}"), up -> up == 1);
    }

    @Test
    void badPromQlIsBadData() throws Exception {
        for (String query : List.of("sum(", "rate(up)", "up[5m", "(".repeat(5_000), "\u0000")) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(api.resolve("/api/v1/query"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)))
                            .build(),
                    BodyHandlers.ofString());
            JsonNode answer = new ObjectMapper().readTree(response.body());
            assertEquals(BAD_REQUEST, response.statusCode(), response::body);
            assertEquals("error", answer.path("status").asText(), response::body);
            assertEquals("bad_data", answer.path("errorType").asText(), response::body);
            assertTrue(answer.path("error").asText().length() > 1, response::body);
        }
    }

    private double healthyTotal() {
        return client.value("healthy_total");
    }

    private KafkaTopics topics() {
        return new KafkaTopics(find("Kafka +(\\S+:\\d+)"));
    }

    /** A metric of the jobs, summed over their tasks. */
    private double jobMetric(String name) throws IOException, InterruptedException {
        URI metrics = URI.create(find("own metrics .* and (\\S+)"));
        return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String find(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(weir.log());
        assertTrue(matcher.find(), weir::log);
        return matcher.group(1);
    }
}

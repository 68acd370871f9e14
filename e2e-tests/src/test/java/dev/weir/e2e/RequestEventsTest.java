package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.schemas.DeadLetter;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever tells of requests and scrapes is counted once: a producer that knows the documentation only, whose quantiles are the true
 * ones, our libraries, and curl.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class RequestEventsTest {
    private static final Path ROOT = Path.of(System.getProperty("weir.root"));
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int REQUESTS = 2_000;
    private static final String[] QUANTILES = {"0.5", "0.9", "0.95", "0.99"};

    /** Each is told at once, so that most of them fall into one window. */
    private static final List<String> MODELS = List.of("m0", "m1", "m2", "m3");

    private static WeirProcess weir;
    private static URI url;

    private final Schema schema;
    private final byte[] header;

    RequestEventsTest() throws Exception {
        schema = new Schema.Parser()
                .parse(ROOT.resolve("schemas/src/main/avro/RequestEvent.avsc").toFile());
        header = documentedHeader();
    }

    @BeforeAll
    static void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        int port = FreePort.next();
        Path config = Files.writeString(
                folder.resolve("weir.yml"),
                "data_dir: " + folder.resolve("data") + "\nquery: {listen: \"127.0.0.1:" + port + "\"}\n");
        weir = WeirProcess.startAll(folder.resolve("weir.log"), "up", "--config", config.toString());
        weir.awaitLog("Weir is ready", START_LIMIT);
        url = URI.create("http://127.0.0.1:" + port);
    }

    @AfterAll
    static void stop() {
        weir.close();
    }

    /** After the other, so that every topic has something to read. */
    @Test
    @Order(2)
    void countsToTheUnitWhatJavaPythonAndCurlTell() throws Exception {
        Tellers tellers = new Tellers(url, bootstrapServers(weir));
        List<String> names = tellers.tell();
        PromClient client = new PromClient(url);
        for (String name : names) {
            String counter = "told_total{via=\"" + name + "\"}";
            Until.holds(counter + ": ", LIMIT, () -> client.value(counter), now -> now == Tellers.COUNT);
            String requests = "{model_name=\"" + name + "\", pipeline_name=\"" + Tellers.PIPELINE + "\"}";
            String total = "inference_requests_total" + requests;
            Until.holds(total + ": ", LIMIT, () -> client.value(total), now -> now == Tellers.REQUESTS);
            assertEquals(
                    Tellers.REQUESTS * Tellers.SECONDS,
                    client.value("histogram_sum(inference_request_duration_seconds" + requests + ")"),
                    1e-9);
        }
        tellers.assertEveryTopicIsReadByOthers();
        Assumptions.assumeTrue(
                names.containsAll(List.of("curl", "python")),
                "curl, python3-confluent-kafka or python3-avro is not installed; only these were tried: " + names);
    }

    @Test
    @Order(1)
    void answersTheTrueQuantilesOfRequestsThatWereToldTwice() throws Exception {
        PromClient client = new PromClient(url);
        KafkaTopics topics = new KafkaTopics(bootstrapServers(weir));
        Map<String, double[]> latencies = new TreeMap<>();
        for (String model : MODELS) {
            double[] seconds = latencies(MODELS.indexOf(model));
            latencies.put(model, seconds);
            Map<String, byte[]> events = events(model, seconds);
            topics.write("weir.requests", events);
            topics.write("weir.requests", events);
        }
        topics.write("weir.requests", Map.of("garbage", new byte[] {1, 2, 3}, "late", event("late", "m0", -0.5)));
        String total = "sum(inference_requests_total{source=\"requests\", pipeline_name=\"chat\"})";
        Until.holds(total + ": ", LIMIT, () -> client.value(total), now -> now == MODELS.size() * REQUESTS);
        int whole = 0;
        for (String model : MODELS) {
            assertHistogram(client, model, latencies.getOrDefault(model, new double[0]));
            whole += assertGauges(client, model, latencies.getOrDefault(model, new double[0]));
        }
        assertTrue(whole > 0, "no model's requests fell into one window");
        List<DeadLetter> letters = topics.deadLetters(2, LIMIT);
        assertTrue(
                letters.stream().anyMatch(letter -> letter.getReason().startsWith("RequestEvent: end_ms: ")),
                letters::toString);
        assertEquals(MODELS.size() * REQUESTS, client.value(total), "told twice, counted once");
    }

    /** Through the native histogram: interpolated inside a bin of 2.2 %. */
    private static void assertHistogram(PromClient client, String model, double[] seconds) {
        String histogram = "inference_request_duration_seconds{model_name=\"" + model + "\"}";
        assertEquals(seconds.length, client.value("histogram_count(" + histogram + ")"));
        assertEquals(Arrays.stream(seconds).sum(), client.value("histogram_sum(" + histogram + ")"), 1e-6);
        for (String quantile : QUANTILES) {
            String query = "histogram_quantile(" + quantile + ", " + histogram + ")";
            assertEquals(1, client.value(query) / truth(seconds, quantile), 0.022, query);
        }
    }

    /** The gauges of the window that has all of the model's requests; 0 if there is none such. */
    private static int assertGauges(PromClient client, String model, double[] seconds) {
        String selector = "{model_name=\"" + model + "\"";
        JsonNode points = client.get("/api/v1/query", Map.of("query", "inference_requests_total" + selector + "}[10m]"))
                .path("data")
                .path("result")
                .path(0)
                .path("values");
        double windowEnd = points.path(1).path(0).asDouble();
        if (points.path(1).path(1).asInt() != seconds.length) {
            return 0;
        }
        for (String quantile : QUANTILES) {
            double truth = truth(seconds, quantile);
            String labels = selector + ", quantile=\"" + quantile + "\"}";
            String name = "inference_request_duration_seconds_quantile";
            assertEquals(1, at(client, name + labels, windowEnd) / truth, 0.011, name + labels);
            assertTrue(at(client, name + "_lower" + labels, windowEnd) <= truth);
            assertTrue(at(client, name + "_upper" + labels, windowEnd) >= truth);
        }
        return 1;
    }

    private static double at(PromClient client, String query, double time) {
        return client.instant(query, time).values().stream().findFirst().orElse(Double.NaN);
    }

    /** The smallest value that at least this share of all does not exceed. */
    private static double truth(double[] seconds, String quantile) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(Double.parseDouble(quantile) * sorted.length - 1e-6) - 1];
    }

    /** Whole milliseconds, as events tell them: lognormal, bimodal, constant, uniform. */
    private static double[] latencies(int kind) {
        Random random = new Random(kind);
        double[] seconds = new double[REQUESTS];
        Arrays.setAll(seconds, i -> {
            double value = switch (kind) {
                case 0 -> 0.8 * Math.exp(random.nextGaussian());
                case 1 -> random.nextInt(10) == 0 ? 30 + random.nextDouble() : 0.3 + random.nextDouble() / 10;
                case 2 -> 1.234;
                default -> 1 + 9 * random.nextDouble();
            };
            return Math.max(1, Math.round(value * 1_000)) / 1_000.0;
        });
        return seconds;
    }

    private Map<String, byte[]> events(String model, double[] seconds) throws Exception {
        Map<String, byte[]> events = new LinkedHashMap<>();
        for (int i = 0; i < seconds.length; i++) {
            events.put(model + "-" + i, event(model + "-" + i, model, seconds[i]));
        }
        return events;
    }

    /** The documented header, then the record as Avro's specification has it. */
    private byte[] event(String id, String model, double seconds) throws Exception {
        long startMs = 1_700_000_000_000L;
        GenericRecord event = new GenericRecordBuilder(schema)
                .set("request_id", id)
                .set("project", "default")
                .set("pipeline", "chat")
                .set("model", model)
                .set(
                        "vantage",
                        new GenericData.EnumSymbol(schema.getField("vantage").schema(), "GATEWAY"))
                .set(
                        "status",
                        new GenericData.EnumSymbol(schema.getField("status").schema(), "OK"))
                .set("start_ms", startMs)
                .set("end_ms", startMs + Math.round(seconds * 1_000))
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(header);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(schema).write(event, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    /** The ten bytes that the documentation says a record begins with. */
    private static byte[] documentedHeader() throws Exception {
        String page = Files.readString(ROOT.resolve("docs/request-events.md"));
        Matcher bytes = Pattern.compile("`(C3 01(?: [0-9A-F]{2}){8})`").matcher(page);
        assertTrue(bytes.find(), "docs/request-events.md names the header's bytes");
        ByteBuffer header = ByteBuffer.allocate(10).order(ByteOrder.BIG_ENDIAN);
        for (String one : bytes.group(1).split(" ")) {
            header.put((byte) Integer.parseInt(one, 16));
        }
        return header.array();
    }

    private static String bootstrapServers(WeirProcess weir) {
        Matcher kafka = Pattern.compile("Kafka +(\\S+:\\d+)").matcher(weir.log());
        assertTrue(kafka.find(), weir::log);
        return kafka.group(1);
    }
}

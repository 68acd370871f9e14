package dev.weir.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.simulator.fleet.ManualClock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetSimulatorTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ManualClock clock = new ManualClock();

    @TempDir
    Path folder;

    private FleetSimulator simulator;
    private Path sdFile;

    @BeforeEach
    void start() throws IOException {
        sdFile = folder.resolve("targets.json");
        simulator = FleetSimulator.start(FleetOptions.builder()
                .clock(clock)
                .background(false)
                .sdFile(sdFile)
                .vllmPods(1)
                .wallarooPods(1)
                .bearerToken("s3cret")
                .build());
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void targetsFileHasEveryPodWithTheLabelsOfTheSeeds() throws IOException {
        List<JsonNode> groups = targets();
        assertEquals(7, groups.size());
        JsonNode labels = groups.get(0).get("labels");
        assertEquals("vllm", labels.get("job").asText());
        assertEquals("demo", labels.get("project_id").asText());
        assertEquals("llama-3-1-8b-pipeline", labels.get("pipeline_name").asText());
        assertEquals("210", labels.get("deploy_id").asText());
        assertEquals(
                "llama-3-1-8b-pipeline-210", labels.get("kubernetes_namespace").asText());
        assertEquals("pt", labels.get("service_tier").asText());
        assertFalse(groups.get(6).get("labels").has("namespace"), "cAdvisor's bodies carry it");
    }

    @Test
    void answersAsPythonsClientDoes() throws Exception {
        String address = address(0);
        HttpResponse<String> text = get(address, "Accept", "text/plain");
        assertEquals(200, text.statusCode());
        assertEquals("text/plain; version=0.0.4; charset=utf-8", header(text, "content-type"));
        assertTrue(header(text, "date").endsWith("GMT"));
        HttpResponse<String> openMetrics = get(address, "Accept", "application/openmetrics-text;version=1.0.0");
        assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8", header(openMetrics, "content-type"));
        assertEquals("gzip", header(get(address, "Accept-Encoding", "gzip"), "content-encoding"));
        assertEquals(404, get(address.replace("/metrics", "/other")).statusCode());
    }

    @Test
    void torchServeFiltersByName() throws Exception {
        clock.advance(Duration.ofSeconds(10));
        String all = get(address(4)).body();
        String some = get(address(4)
                        + "?name%5B%5D=ts_queue_latency_microseconds&name[]=Nothing".replace("[]", "%5B%5D"))
                .body();
        assertTrue(all.contains("# TYPE GPUUtilization gauge"));
        assertEquals(2, some.lines().filter(line -> line.startsWith("#")).count());
        assertTrue(some.lines().skip(2).allMatch(line -> line.startsWith("ts_queue_latency_microseconds{")));
    }

    @Test
    void endpointPickerWantsItsToken() throws Exception {
        assertEquals(401, get(address(5)).statusCode());
        assertEquals(200, get(address(5), "Authorization", "Bearer s3cret").statusCode());
    }

    @Test
    void killedPodRefusesConnectionsAndLeavesTheTargetsFile() throws Exception {
        String address = address(0);
        assertEquals(200, get(address).statusCode());
        String pod = targets().get(0).get("labels").get("pod").asText();
        assertEquals(200, post("/control/kill?pod=" + pod).statusCode());
        assertThrows(ConnectException.class, () -> get(address));
        assertEquals(6, targets().size());
        clock.advance(Duration.ofSeconds(10));
        simulator.settle();
        assertEquals(7, targets().size());
        assertThrows(ConnectException.class, () -> get(address));
    }

    @Test
    void restartedPodComesBackAtItsAddress() throws Exception {
        String address = address(0);
        clock.advance(Duration.ofSeconds(30));
        String before = get(address).body();
        String pod = targets().get(0).get("labels").get("pod").asText();
        assertEquals(200, post("/control/restart?pod=" + pod).statusCode());
        assertThrows(ConnectException.class, () -> get(address));
        clock.advance(Duration.ofSeconds(4));
        simulator.settle();
        String after = get(address).body();
        assertTrue(start(after) > start(before), start(after) + " after " + start(before));
    }

    @Test
    void truthKnowsWhatEachScraperReceived() throws Exception {
        clock.advance(Duration.ofSeconds(30));
        get(address(0), "User-Agent", "Prometheus/2.42.0");
        get(address(0), "User-Agent", "Weir/0.1 (test)");
        JsonNode truth = admin("/truth");
        JsonNode pod = truth.get("pods").get(0);
        assertEquals(clock.millis(), truth.get("now_ms").asLong());
        assertEquals(
                List.of("Prometheus", "Weir"),
                new ArrayList<>(iterate(pod.get("last_served").fieldNames())));
        assertEquals(pod.get("series"), pod.get("last_served").get("Weir").get("series"));
        assertFalse(admin("/truth?summary=true").has("pods"));
    }

    @Test
    void frozenCountsStayAsTheyAre() throws Exception {
        clock.advance(Duration.ofSeconds(30));
        post("/control/freeze");
        JsonNode before = admin("/truth?summary=true").get("pipelines").get(0).get("totals");
        clock.advance(Duration.ofSeconds(30));
        JsonNode after = admin("/truth?summary=true").get("pipelines").get(0).get("totals");
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i).get("name").asText().startsWith("vllm:")) {
                assertEquals(before.get(i), after.get(i));
            }
        }
        assertEquals(
                0.0,
                admin("/truth/rates?window=10")
                        .get("pipelines")
                        .get(0)
                        .get("requests_per_second")
                        .asDouble());
        assertEquals(200, post("/control/resume").statusCode());
    }

    @Test
    void badRequestsSayWhatIsExpected() throws Exception {
        String admin = simulator.adminUri().toString();
        assertEquals(400, get(admin + "/truth/rates").statusCode());
        assertTrue(get(admin + "/truth/rates?window=x").body().contains("window: x (expected: a number)"));
        assertTrue(get(admin + "/truth/rates?window=-1").body().contains("window: -1.0 (expected: > 0"));
        assertEquals(404, get(admin + "/nothing").statusCode());
        assertEquals(405, get(admin + "/control/freeze").statusCode());
        assertTrue(post("/control/churn?mode=wild").body().contains("(expected: none, gentle or heavy)"));
    }

    @Test
    void badOptionsAreNamed() {
        FleetOptions.Builder builder = FleetOptions.builder().loadFactor(0);
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, builder::build);
        assertTrue(String.valueOf(error.getMessage()).contains("(expected: > 0"), error.getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> FleetOptions.builder().basePort(70_000));
    }

    private static double start(String body) {
        return body.lines()
                .filter(line -> line.startsWith("process_start_time_seconds "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    private List<JsonNode> targets() throws IOException {
        return iterate(JSON.readTree(sdFile.toFile()).elements());
    }

    private String address(int index) throws IOException {
        return "http://" + targets().get(index).get("targets").get(0).asText() + "/metrics";
    }

    private JsonNode admin(String path) throws Exception {
        return JSON.readTree(get(simulator.adminUri() + path).body());
    }

    private HttpResponse<String> get(String uri, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.adminUri() + path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static <T> List<T> iterate(Iterator<T> iterator) {
        List<T> all = new ArrayList<>();
        iterator.forEachRemaining(all::add);
        return all;
    }
}

package dev.weir.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

/** The limits of {@code weir.yml} are those of the server. */
@SuppressWarnings("NullAway.Init")
class QueryEndpointTest {
    private static final String CONFIG = """
            query:
              listen: 127.0.0.1:0
              limits: {max_series: 2, max_points: 500, max_samples: 500, max_body_size: 1KB, max_decompressed_size: 4KB}
            """;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private DataDir dataDir;
    private QueryEndpoint endpoint;

    @BeforeEach
    void start() throws Exception {
        WeirConfig config = WeirConfig.parse(CONFIG, folder.resolve("weir.yml").toString());
        dataDir = DataDir.open(folder.resolve("data"));
        endpoint = QueryEndpoint.start(config, dataDir, null);
        WriteRequest.Builder request = WriteRequest.newBuilder();
        for (int i = 0; i < 3; i++) {
            request.addTimeseries(TimeSeries.newBuilder()
                    .addLabels(label("__name__", "up"))
                    .addLabels(label("i", Integer.toString(i)))
                    .addSamples(Sample.newBuilder()
                            .setTimestamp(System.currentTimeMillis())
                            .setValue(1)));
        }
        assertEquals(204, write(request.build().toByteArray()).statusCode());
    }

    @AfterEach
    void stop() {
        endpoint.close();
        dataDir.close();
    }

    @Test
    void queryOfMoreSeriesThanConfiguredIsRefused() throws Exception {
        assertEquals(200, get("query?query=up%7Bi%3D~%220%7C1%22%7D").statusCode());
        assertRefused(422, "execution", "maxSeries = 2", get("query?query=up"));
    }

    @Test
    void queryOfMorePointsThanConfiguredIsRefused() throws Exception {
        assertEquals(200, get("query_range?query=1&start=0&end=500&step=1").statusCode());
        assertRefused(400, "bad_data", "maxPoints = 500", get("query_range?query=1&start=0&end=501&step=1"));
    }

    @Test
    void queryOfMoreSamplesThanConfiguredIsRefused() throws Exception {
        long now = System.currentTimeMillis() / 1000;
        String range = "&start=" + now + "&step=1&end=";
        String two = "query_range?query=up%7Bi%3D~%220%7C1%22%7D" + range;
        assertEquals(200, get(two + (now + 5)).statusCode());
        assertRefused(422, "execution", "at most 500", get(two + (now + 300)));
    }

    @Test
    void writeRequestLargerThanConfiguredIsRefused() throws Exception {
        byte[] noise = new byte[1025];
        new Random(1).nextBytes(noise);
        assertRefused(413, "bad_data", "maxBodyBytes = 1024", post(noise));
        HttpResponse<String> decompressed = write(new byte[4097]);
        assertEquals(413, decompressed.statusCode());
        assertTrue(decompressed.body().contains("maxDecodedBytes = 4096"), decompressed.body());
    }

    private static void assertRefused(int status, String type, String limit, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("\"errorType\":\"" + type + "\""), answer.body());
        assertTrue(answer.body().contains(limit), answer.body());
    }

    private HttpResponse<String> get(String query) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(endpoint.url().resolve("/api/v1/" + query)));
    }

    private HttpResponse<String> write(byte[] request) throws IOException, InterruptedException {
        return post(Snappy.compress(request));
    }

    private HttpResponse<String> post(byte[] body) throws IOException, InterruptedException {
        URI url = endpoint.url().resolve("/api/v1/write");
        return send(HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Label label(String name, String value) {
        return Label.newBuilder().setName(name).setValue(value).build();
    }
}

package dev.weir.benchmarks.sidebyside;

import dev.weir.benchmarks.fleet.FleetSeries;
import dev.weir.schemas.WriteRequestEncoder;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.xerial.snappy.Snappy;

/** One server's HTTP interface: remote write, and Prometheus' queries. */
public final class HttpApi {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final long START_MILLIS = 60_000;
    private static final long POLL_MILLIS = 100;

    private static final Pattern VALUE = Pattern.compile("\"value\":\\[[^,]*,\"([^\"]*)\"\\]");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final Server server;

    public HttpApi(Server server) {
        this.server = server;
    }

    /** @throws IOException if the server ends, or does not answer within a minute */
    public void awaitReady() throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + START_MILLIS * 1_000_000;
        while (System.nanoTime() < endNanos && server.isAlive()) {
            try {
                if (get(uri("/api/v1/query", Map.of("query", "1"))).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new IOException(
                server.name() + " does not answer (expected: within a minute); see the log beside its data");
    }

    /** Writes one request per scrape, as a scraping agent would. */
    public void write(List<FleetSeries> fleet, Times times) throws IOException, InterruptedException {
        List<byte[]> labels = fleet.stream()
                .map(series -> WriteRequestEncoder.labels(series.labels().toMap()))
                .toList();
        WriteRequestEncoder encoder = new WriteRequestEncoder();
        for (int i = 0; i < times.scrapes(); i++) {
            for (int s = 0; s < labels.size(); s++) {
                encoder.add(labels.get(s), times.scrapeMs(i), fleet.get(s).values()[i]);
            }
            write(Snappy.compress(encoder.drain()));
        }
    }

    /** Sends a remote-write 1.0 request, compressed already. */
    public void write(byte[] request) throws IOException, InterruptedException {
        HttpRequest post = HttpRequest.newBuilder(server.base().resolve("/api/v1/write"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                .build();
        HttpResponse<String> answer = client.send(post, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(server.name() + " answers remote write with " + answer.statusCode() + " "
                    + answer.body().strip() + " (expected: 2xx)");
        }
    }

    /** The body that it answers to a GET. */
    public String text(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get(server.base().resolve(path));
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** The body that it answers to an empty POST. */
    public String post(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.base().resolve(path))
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Lets VictoriaMetrics finish what it puts off; the others have nothing to finish and no such path. */
    public void settle() throws IOException, InterruptedException {
        get(server.base().resolve("/internal/force_flush"));
        get(server.base().resolve("/internal/force_merge"));
    }

    /** The answer's body. @throws IOException if it is no success */
    byte[] ask(Query query, Times times) throws IOException, InterruptedException {
        Map<String, String> parameters = new LinkedHashMap<>(server.queryParameters());
        parameters.put("query", query.text());
        if (query.isRange()) {
            parameters.put("start", seconds(times.rangeStartMs()));
            parameters.put("end", seconds(times.endMs()));
            parameters.put("step", seconds(times.stepMs()));
        } else {
            parameters.put("time", seconds(times.endMs()));
        }
        HttpResponse<byte[]> answer = get(uri(query.isRange() ? "/api/v1/query_range" : "/api/v1/query", parameters));
        if (answer.statusCode() != 200) {
            throw new IOException(server.name() + " answers " + query.name() + " with " + answer.statusCode() + " "
                    + new String(answer.body(), StandardCharsets.UTF_8).strip() + " (expected: 200)");
        }
        return answer.body();
    }

    /** The one value of an instant query, 0 where there is none. */
    public double value(String expression, long timeMs) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get(uri("/api/v1/query", Map.of("query", expression, "time", seconds(timeMs))));
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.statusCode() != 200) {
            throw new IOException(server.name() + " answers " + expression + " with " + answer.statusCode() + " "
                    + body.strip() + " (expected: 200)");
        }
        Matcher value = VALUE.matcher(body);
        return value.find() ? Double.parseDouble(value.group(1)) : 0;
    }

    private HttpResponse<byte[]> get(URI uri) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri).timeout(TIMEOUT).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private URI uri(String path, Map<String, String> parameters) {
        return server.base()
                .resolve(path + "?"
                        + parameters.entrySet().stream()
                                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                                .collect(Collectors.joining("&")));
    }

    private static String seconds(long millis) {
        return Double.toString(millis / 1000.0).contains("E")
                ? millis / 1000 + "." + String.format("%03d", millis % 1000)
                : Double.toString(millis / 1000.0);
    }
}

package dev.weir.benchmarks.fleetrun;

import dev.weir.benchmarks.sidebyside.JvmMemory;
import dev.weir.benchmarks.sidebyside.ProcessCpu;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code ./weir up} that runs: what it says of itself, and what the system says of it. */
final class WeirProcess implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long STOP_SECONDS = 30;
    private static final Pattern LAG =
            Pattern.compile("^weir_query_server_frontier_lag_seconds\\{.*\\} (\\S+)$", Pattern.MULTILINE);
    private static final Pattern VALUE = Pattern.compile("\"value\":\\[[^,]*,\"([^\"]*)\"\\]");

    private final Process process;
    private final URI base;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private WeirProcess(Process process, URI base) {
        this.process = process;
        this.base = base;
    }

    /** Starts {@code program}, Weir's launcher, on a configuration whose query server listens on {@code port}. */
    static WeirProcess start(Path program, Path config, int port, Path log) throws IOException {
        Process process = new ProcessBuilder(program.toString(), "up", "--config", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new WeirProcess(process, URI.create("http://127.0.0.1:" + port));
    }

    /** @throws IOException if the process has ended */
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("weir: ended with " + process.exitValue() + " (expected: to run)");
        }
    }

    double cpuSeconds() throws IOException {
        return ProcessCpu.seconds(process.pid());
    }

    /** Now less the frontier of the project that lags most; empty while there is none. */
    OptionalDouble freshnessSeconds() throws InterruptedException {
        try {
            Matcher lags = LAG.matcher(get("/metrics"));
            double worst = Double.NEGATIVE_INFINITY;
            while (lags.find()) {
                worst = Math.max(worst, Double.parseDouble(lags.group(1)));
            }
            return worst == Double.NEGATIVE_INFINITY ? OptionalDouble.empty() : OptionalDouble.of(worst);
        } catch (IOException e) {
            // Not listening yet; requireAlive tells of worse.
            return OptionalDouble.empty();
        }
    }

    /** The one value of an instant query, 0 where there is none. */
    double query(String expression) throws IOException, InterruptedException {
        Matcher value =
                VALUE.matcher(get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)));
        return value.find() ? Double.parseDouble(value.group(1)) : 0;
    }

    /** What a full collection leaves on the heap, which it makes; by class in {@code details}. */
    long liveHeapBytes(Path details) throws IOException, InterruptedException {
        return JvmMemory.liveHeapBytes(process.pid(), details);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT).build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body() + " (expected: 200)");
        }
        return answer.body();
    }
}

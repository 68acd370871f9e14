package dev.weir.benchmarks.fairness;

import dev.weir.benchmarks.sidebyside.Directories;
import dev.weir.benchmarks.sidebyside.Server;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the flood. Ends with 1 if the other project's p99 is more than twice its idle value. */
@Command(
        name = "fairness",
        mixinStandardHelpOptions = true,
        description = "One project asks now and then, first alone, then while another floods the server with heavy"
                + " queries, then while it floods it with writes; tells the quantiles of the first one's waits.")
public final class Fairness implements Callable<Integer> {
    private static final double MOST_TIMES_IDLE = 2;
    private static final int SERIES = 2_000;
    private static final int SAMPLES = 240;
    private static final long STEP_MS = 15_000;
    private static final long MILLIS_BETWEEN_QUERIES = 50;
    private static final String ASKED = "sum by (model) (rate(load_total[5m]))";
    private static final String HEAVY = "quantile_over_time(0.9, sum by (model) (rate(load_total[5m]))[30m:15s])";

    @Option(names = "--weir", required = true, paramLabel = "PROGRAM", description = "The program weir.")
    @SuppressWarnings("NullAway.Init")
    private Path weir;

    @Option(names = "--seconds", defaultValue = "15", description = "Of each part. [${DEFAULT-VALUE}]")
    private int seconds;

    @Option(names = "--flood", defaultValue = "32", description = "Connections of the flood. [${DEFAULT-VALUE}]")
    private int flood;

    private final long endMs = (System.currentTimeMillis() - 60_000) / STEP_MS * STEP_MS;
    private @Nullable URI base;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Fairness()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("fairness");
        try (Server server = Server.weir(weir, directory)) {
            base = server.base();
            while (status("quiet", "GET", "/-/ready", new byte[0]) != 200) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            write("quiet");
            write("flood");
            waits(seconds);
            double[] idle = waits(seconds);
            print("idle", idle);
            double[] queries = during(() -> status("flood", "GET", query(HEAVY), new byte[0]));
            print("beside a flood of queries", queries);
            byte[] again = request(SAMPLES - 1);
            double[] writes = during(() -> status("flood", "POST", "/api/v1/write", again));
            print("beside a flood of writes", writes);
            double most = MOST_TIMES_IDLE * quantile(idle, 0.99);
            return quantile(queries, 0.99) <= most && quantile(writes, 0.99) <= most ? 0 : 1;
        } finally {
            Directories.delete(directory);
        }
    }

    /** What floods the server, once. */
    @FunctionalInterface
    private interface Wave {
        int roll() throws IOException;
    }

    private double[] during(Wave wave) throws IOException, InterruptedException {
        AtomicBoolean ends = new AtomicBoolean();
        LongAdder answered = new LongAdder();
        LongAdder refused = new LongAdder();
        Thread[] threads = new Thread[flood];
        for (int i = 0; i < flood; i++) {
            threads[i] = new Thread(() -> {
                while (!ends.get()) {
                    try {
                        int status = wave.roll();
                        (status / 100 == 2 ? answered : refused).increment();
                    } catch (IOException e) {
                        refused.increment();
                    }
                }
            });
            threads[i].start();
        }
        double[] millis = waits(seconds);
        ends.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(Locale.ROOT, "flood: %d answered, %d refused%n", answered.sum(), refused.sum());
        return millis;
    }

    /** How many milliseconds each query of the quiet project took. */
    private double[] waits(int duringSeconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(duringSeconds);
        double[] millis = new double[0];
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            int status = status("quiet", "GET", query(ASKED), new byte[0]);
            if (status != 200) {
                throw new IOException("a query of the quiet project: HTTP " + status + " (expected: 200)");
            }
            millis = Arrays.copyOf(millis, millis.length + 1);
            millis[millis.length - 1] = (System.nanoTime() - start) / 1e6;
            TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN_QUERIES);
        }
        Arrays.sort(millis);
        return millis;
    }

    private static void print(String what, double[] millis) {
        System.out.printf(
                Locale.ROOT,
                "%s: %d queries, p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, most %.1f ms%n",
                what,
                millis.length,
                quantile(millis, 0.5),
                quantile(millis, 0.9),
                quantile(millis, 0.99),
                quantile(millis, 1));
    }

    private static double quantile(double[] sorted, double q) {
        return sorted[(int) Math.ceil(q * sorted.length) - 1];
    }

    private String query(String expression) {
        return "/api/v1/query_range?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8) + "&start="
                + (endMs / 1000 - 1800) + "&end=" + endMs / 1000 + "&step=15";
    }

    private void write(String project) throws IOException {
        for (int i = 0; i < SAMPLES; i++) {
            int status = status(project, "POST", "/api/v1/write", request(i));
            if (status != 204) {
                throw new IOException("writing: HTTP " + status + " (expected: 204)");
            }
        }
    }

    private byte[] request(int scrape) throws IOException {
        WriteRequest.Builder request = WriteRequest.newBuilder();
        for (int i = 0; i < SERIES; i++) {
            request.addTimeseries(TimeSeries.newBuilder()
                    .addLabels(label("__name__", "load_total"))
                    .addLabels(label("model", "m" + i % 10))
                    .addLabels(label("pod", "pod-" + i))
                    .addSamples(Sample.newBuilder()
                            .setTimestamp(endMs - (SAMPLES - 1L - scrape) * STEP_MS)
                            .setValue(scrape * (double) i)));
        }
        return Snappy.compress(request.build().toByteArray());
    }

    private static Label label(String name, String value) {
        return Label.newBuilder().setName(name).setValue(value).build();
    }

    private int status(String project, String method, String path, byte[] body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(base + path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setRequestProperty("X-Scope-OrgID", project);
        try {
            if (body.length > 0) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/x-protobuf");
                connection.getOutputStream().write(body);
            }
            int status = connection.getResponseCode();
            InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream();
            if (answer != null) {
                answer.readAllBytes();
            }
            return status;
        } catch (ConnectException e) {
            return 0;
        }
    }
}

package dev.weir.e2e.failure;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.xerial.snappy.Snappy;

/**
 * A remote-write receiver that can fail in every way that one does, and remembers all it was ever sent. It takes samples in
 * as Prometheus does: a request with one that is older than its series' newest, or that tells another value for the same
 * time, is refused as a whole.
 */
final class Receiver implements AutoCloseable {
    /** How it treats requests. */
    enum Mode {
        WELL,
        /** Nobody listens. */
        DOWN,
        ERROR_500,
        BUSY_503,
        LIMITED_429,
        /** Takes in, and ends the connection without an answer. */
        TAKES_AND_DROPS,
        /** Takes in, and never answers. */
        TAKES_AND_HANGS
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int port;
    private HttpServer server;
    private volatile Mode mode = Mode.WELL;
    private final Object hanging = new Object();

    /** What was taken in. */
    private final Map<Map<String, String>, NavigableMap<Long, String>> taken = new HashMap<>();
    /** What was sent, taken in or not. */
    private final Map<Map<String, String>, NavigableMap<Long, String>> sent = new HashMap<>();

    private final List<String> violations = new ArrayList<>();
    private int requests;
    private int refused;

    private Receiver(HttpServer server) {
        this.server = server;
        this.port = server.getAddress().getPort();
    }

    static Receiver start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        Receiver receiver = new Receiver(server);
        receiver.serve(server);
        return receiver;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port + "/api/v1/write");
    }

    /** Fails in this way from now on, or is well again. */
    synchronized void become(Mode next) throws IOException {
        if (mode == Mode.DOWN && next != Mode.DOWN) {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
            serve(server);
        } else if (mode != Mode.DOWN && next == Mode.DOWN) {
            server.stop(0);
        }
        mode = next;
        synchronized (hanging) {
            hanging.notifyAll();
        }
    }

    /** Everything taken in, as a copy: by labels and time the values, histograms as text. */
    synchronized Map<Map<String, String>, NavigableMap<Long, String>> taken() {
        Map<Map<String, String>, NavigableMap<Long, String>> copy = new HashMap<>();
        taken.forEach((labels, points) -> copy.put(labels, new TreeMap<>(points)));
        return copy;
    }

    /** What no receiver may see: two values for one time, or a new point before one that was taken in. */
    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized int requests() {
        return requests;
    }

    synchronized int refused() {
        return refused;
    }

    private void serve(HttpServer on) {
        on.createContext("/api/v1/write", this::answer);
        on.setExecutor(threads);
        on.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Mode now = mode;
        switch (now) {
            case WELL -> {
                boolean in = take(body);
                byte[] text = in ? new byte[0] : "out of order sample".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(in ? 204 : 400, in ? -1 : text.length);
                if (!in) {
                    exchange.getResponseBody().write(text);
                }
            }
            case ERROR_500 -> exchange.sendResponseHeaders(500, -1);
            case BUSY_503 -> exchange.sendResponseHeaders(503, -1);
            case LIMITED_429 -> {
                exchange.getResponseHeaders().set("Retry-After", "1");
                exchange.sendResponseHeaders(429, -1);
            }
            case TAKES_AND_DROPS, DOWN -> take(body);
            case TAKES_AND_HANGS -> {
                take(body);
                awaitAnotherMode();
            }
        }
        exchange.close();
    }

    private void awaitAnotherMode() {
        synchronized (hanging) {
            try {
                while (mode == Mode.TAKES_AND_HANGS) {
                    hanging.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized boolean take(byte[] body) {
        Map<Map<String, String>, NavigableMap<Long, String>> request = new HashMap<>();
        try {
            add(WriteRequest.parseFrom(Snappy.uncompress(body)), request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        requests++;
        boolean in = true;
        for (Map.Entry<Map<String, String>, NavigableMap<Long, String>> series : request.entrySet()) {
            NavigableMap<Long, String> known = taken.getOrDefault(series.getKey(), new TreeMap<>());
            NavigableMap<Long, String> everSent = sent.computeIfAbsent(series.getKey(), labels -> new TreeMap<>());
            for (Map.Entry<Long, String> point : series.getValue().entrySet()) {
                String other = everSent.putIfAbsent(point.getKey(), point.getValue());
                if (other != null && !other.equals(point.getValue())) {
                    violations.add("two values at " + point.getKey() + ", " + other + " and " + point.getValue()
                            + ", of " + series.getKey());
                }
                if (known.isEmpty() || point.getKey() > known.lastKey()) {
                    continue;
                }
                if (!known.containsKey(point.getKey())) {
                    violations.add("a new point at " + point.getKey() + " after that at " + known.lastKey() + " of "
                            + series.getKey());
                }
                in &= point.getKey().equals(known.lastKey()) && point.getValue().equals(known.get(point.getKey()));
            }
        }
        if (in) {
            request.forEach((labels, points) ->
                    taken.computeIfAbsent(labels, key -> new TreeMap<>()).putAll(points));
        } else {
            refused++;
        }
        return in;
    }

    /** Adds all samples of a write request. */
    static void add(WriteRequest request, Map<Map<String, String>, NavigableMap<Long, String>> series) {
        for (TimeSeries one : request.getTimeseriesList()) {
            Map<String, String> labels = new TreeMap<>();
            for (Label label : one.getLabelsList()) {
                labels.put(label.getName(), label.getValue());
            }
            NavigableMap<Long, String> points = series.computeIfAbsent(labels, key -> new TreeMap<>());
            for (Sample sample : one.getSamplesList()) {
                points.put(sample.getTimestamp(), Double.toString(sample.getValue()));
            }
            one.getHistogramsList().forEach(histogram -> points.put(histogram.getTimestamp(), histogram.toString()));
        }
    }

    @Override
    public void close() {
        mode = Mode.WELL;
        synchronized (hanging) {
            hanging.notifyAll();
        }
        server.stop(0);
        threads.shutdownNow();
    }
}

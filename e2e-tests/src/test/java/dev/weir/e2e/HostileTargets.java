package dev.weir.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

/** One healthy target, and beside it targets that answer in every wrong way. */
final class HostileTargets implements AutoCloseable {
    /** The limit that the endless target and the bomb exceed. */
    private static final int BODY_LIMIT_BYTES = 4 << 20;

    private static final int BOMB_BYTES = 64 << 20;
    private static final int PROMISED_BYTES = 1_000;
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final int closedPort = FreePort.next();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong scrapes = new AtomicLong(-1);
    private boolean frozen;

    /** An answer to a scrape, good or bad. */
    @FunctionalInterface
    private interface Page {
        void answer(HttpExchange exchange) throws IOException;
    }

    HostileTargets() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] bomb = bomb();
        serve("healthy", exchange -> answer(exchange, 200, TEXT, healthyPage()));
        serve("duplicates", exchange -> answer(exchange, 200, TEXT, "twice 1\ntwice 2\nonce 3\n"));
        serve("status", exchange -> answer(exchange, 500, TEXT, "fine 1\n"));
        serve("html", exchange -> answer(exchange, 200, "text/html", "<html><body>Log in first</body></html>\n"));
        serve("slow", exchange -> awaitClose());
        serve("endless", this::answerForever);
        serve("bomb", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            answer(exchange, 200, TEXT, bomb);
        });
        serve("truncated", HostileTargets::answerInPart);
        server.setExecutor(threads);
        server.start();
    }

    /** What is wrong with each hostile target, by job, as its scrape's error says it. */
    static Map<String, String> errors() {
        return new TreeMap<>(Map.of(
                "down", "refused: connection refused",
                "slow", "timed_out: no complete answer in 1000 ms",
                "endless", "body_size_limit: " + BODY_LIMIT_BYTES + " bytes",
                "status", "status 500 (expected: 200)",
                "html", "body of content type \"text/html\"",
                "bomb", "body_size_limit: " + BODY_LIMIT_BYTES + " bytes",
                "truncated", "failed: "));
    }

    /** One job per target, of its name. */
    String scrapeConfigs() {
        StringBuilder yaml = new StringBuilder("scrape_configs:\n");
        List<String> jobs = new ArrayList<>(errors().keySet());
        jobs.addAll(List.of("healthy", "duplicates"));
        for (String job : jobs) {
            yaml.append("""
                    - job_name: %s
                      scrape_interval: %s
                      scrape_timeout: %s
                      body_size_limit: %d
                      metrics_path: /%s
                      static_configs: [{targets: ["127.0.0.1:%d"]}]
                    """.formatted(
                    job,
                    isLarge(job) ? "10s" : "2s",
                    isLarge(job) ? "10s" : "1s",
                    BODY_LIMIT_BYTES,
                    job,
                    job.equals("down") ? closedPort : server.getAddress().getPort()));
        }
        return yaml.toString();
    }

    /** Whether it takes a busy machine a while to find that the page is too large. */
    private static boolean isLarge(String job) {
        return job.equals("endless") || job.equals("bomb");
    }

    /** Keeps the healthy target's counter from now on at what this returns. */
    long freeze() {
        synchronized (scrapes) {
            frozen = true;
            return scrapes.get();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    /** A counter of its scrapes, from 0; so its total holds nothing that cannot be proven. */
    private byte[] healthyPage() {
        synchronized (scrapes) {
            if (!frozen) {
                scrapes.incrementAndGet();
            }
            return ("# TYPE healthy_total counter\nhealthy_total " + scrapes.get() + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    private void serve(String job, Page page) {
        server.createContext("/" + job, exchange -> {
            try (exchange) {
                page.answer(exchange);
            } catch (IOException e) {
                // The scraper has hung up, as it should.
            }
        });
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answerForever(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", TEXT);
        exchange.sendResponseHeaders(200, 0);
        byte[] line = "endless{a=\"b\"} 1\n".repeat(1_000).getBytes(StandardCharsets.UTF_8);
        while (closed.getCount() > 0) {
            exchange.getResponseBody().write(line);
        }
    }

    private static void answerInPart(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", TEXT);
        exchange.sendResponseHeaders(200, PROMISED_BYTES);
        exchange.getResponseBody().write("partial 1\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        answer(exchange, status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static byte[] bomb() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] comments = "#\n".repeat(1 << 19).getBytes(StandardCharsets.UTF_8);
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            for (int size = 0; size < BOMB_BYTES; size += comments.length) {
                gzip.write(comments);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}

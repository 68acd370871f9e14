package dev.weir.benchmarks.ingest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Serves each target's pages, one after the other, under {@code /TARGET/metrics}; takes remote writes and drops them. */
final class PageServer implements AutoCloseable {
    private final FleetPages pages;
    private final AtomicInteger[] rounds;
    private final AtomicLong served = new AtomicLong();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final HttpServer server;

    PageServer(FleetPages pages, int targets) throws IOException {
        this.pages = pages;
        this.rounds = new AtomicInteger[targets];
        for (int i = 0; i < targets; i++) {
            rounds[i] = new AtomicInteger();
        }
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Pages served so far. */
    long served() {
        return served.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/write")) {
                exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
                exchange.sendResponseHeaders(204, -1);
                return;
            }
            int target = Integer.parseInt(path.substring(1, path.indexOf('/', 1)));
            int round = Math.min(rounds[target].getAndIncrement(), pages.rounds() - 1);
            byte[] page = pages.page(target % pages.pods(), round);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            served.incrementAndGet();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

package dev.weir.e2e.churn;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.e2e.FreePort;
import dev.weir.simulator.scenario.ScenarioScrape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.TimeUnit;
import org.xerial.snappy.Snappy;

/**
 * A real vmagent that adds the pods' counters up with the stream aggregation {@code total}. It goes by the wall clock, so the
 * run is played to it {@link #SPEED} times as fast, all its intervals that much shorter: one second, the least that it
 * takes, stands for 15.
 */
final class Vmagent {
    static final int SPEED = 15;

    private static final String COUNTER = "requests_total";
    private static final long TICK_MS = 20;
    private static final long DRAIN_MS = 5_000;

    private final SeriesLog output = new SeriesLog(name -> name.startsWith(COUNTER));
    private long startMs;

    private Vmagent() {}

    /** Plays all feeds at once, which takes a 15th of the time they cover. */
    static Vmagent play(Path folder, String program, List<Feed> feeds) throws IOException, InterruptedException {
        Vmagent vmagent = new Vmagent();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", vmagent::receive);
        receiver.start();
        int port = FreePort.next();
        URI base = URI.create("http://127.0.0.1:" + port);
        Path config = Files.writeString(folder.resolve("aggregation.yml"), config(feeds));
        PeerProcess process = PeerProcess.start(
                folder.resolve("vmagent.log"),
                base.resolve("/health"),
                List.of(
                        program,
                        "-httpListenAddr=127.0.0.1:" + port,
                        "-remoteWrite.url=http://127.0.0.1:"
                                + receiver.getAddress().getPort() + "/",
                        "-remoteWrite.forcePromProto",
                        "-remoteWrite.tmpDataPath=" + folder.resolve("vmagent"),
                        "-streamAggr.config=" + config));
        try {
            vmagent.feed(new RemoteWrite(base.resolve("/api/v1/write")), feeds);
            TimeUnit.MILLISECONDS.sleep(DRAIN_MS);
        } finally {
            process.close();
            receiver.stop(0);
        }
        return vmagent;
    }

    /** What its total grew by in ten minutes, at every window's end. */
    Increases increases(Feed feed, long runMs) {
        NavigableMap<Long, Double> totals = output.theOne(Map.of("scenario", feed.pipeline));
        return Increases.of(
                ms -> {
                    Map.Entry<Long, Double> newest = totals.floorEntry(startMs + ms / SPEED);
                    return newest == null ? 0 : newest.getValue();
                },
                runMs);
    }

    private static String config(List<Feed> feeds) {
        StringBuilder config = new StringBuilder();
        for (Feed feed : feeds) {
            config.append("- match: '{scenario=\"%s\"}'\n  interval: %ds\n  without: [instance]\n  outputs: [total]\n"
                    .formatted(
                            feed.pipeline, feed.run.scenario().scrapeInterval().toSeconds() / SPEED));
        }
        return config.toString();
    }

    private void feed(RemoteWrite agent, List<Feed> feeds) throws IOException, InterruptedException {
        List<Played> scrapes = feeds.stream()
                .flatMap(feed -> feed.scrapes.stream()
                        .filter(scrape -> scrape.value() != ScenarioScrape.ABSENT)
                        .map(scrape -> new Played(feed.pipeline, scrape)))
                .sorted(Comparator.comparingLong(played -> played.scrape.atMs()))
                .toList();
        startMs = System.currentTimeMillis();
        for (Played played : scrapes) {
            long due = startMs + played.scrape.atMs() / SPEED;
            if (System.currentTimeMillis() < due) {
                agent.flush();
                TimeUnit.MILLISECONDS.sleep(Math.max(TICK_MS, due - System.currentTimeMillis()));
            }
            agent.add(
                    Map.of("__name__", COUNTER, "scenario", played.scenario, "instance", played.scrape.pod()),
                    due,
                    (double) played.scrape.value());
        }
        agent.flush();
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] request = exchange.getRequestBody().readAllBytes();
        output.add(Snappy.uncompress(request));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private record Played(String scenario, ScenarioScrape scrape) {}
}

package dev.weir.e2e.churn;

import dev.weir.e2e.FreePort;
import dev.weir.e2e.PromClient;
import dev.weir.series.StaleMarker;
import dev.weir.simulator.scenario.ScenarioScrape;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A real Prometheus with the raw series of every pod, as its own scraper would have stored them. */
final class Prometheus implements AutoCloseable {
    private static final String COUNTER = "requests_total";

    private final PeerProcess process;
    private final PromClient client;

    private Prometheus(PeerProcess process, PromClient client) {
        this.process = process;
        this.client = client;
    }

    static Prometheus start(Path folder, String program, List<Feed> feeds, long epochMs)
            throws IOException, InterruptedException {
        Path config = Files.writeString(folder.resolve("prometheus.yml"), "global: {}\n");
        int port = FreePort.next();
        URI base = URI.create("http://127.0.0.1:" + port);
        PeerProcess process = PeerProcess.start(
                folder.resolve("prometheus.log"),
                base.resolve("/-/ready"),
                List.of(
                        program,
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("prometheus"),
                        "--web.enable-remote-write-receiver",
                        "--web.listen-address=127.0.0.1:" + port));
        RemoteWrite receiver = new RemoteWrite(base.resolve("/api/v1/write"));
        Map<Map<String, String>, NavigableMap<Long, Double>> series = new HashMap<>();
        for (Feed feed : feeds) {
            series.putAll(series(feed, epochMs));
        }
        receiver.send(series);
        return new Prometheus(process, new PromClient(base));
    }

    /** What {@code sum(increase())} over ten minutes makes of it, at every window's end. */
    Increases increases(Feed feed, long epochMs, long runMs) {
        NavigableMap<Long, Double> values = client.range(
                "sum(increase(" + COUNTER + "{scenario=\"" + feed.pipeline + "\"}[10m]))",
                epochMs + Increases.FIRST_END_MS,
                epochMs + runMs,
                Increases.WINDOW_MS);
        return Increases.ofValues(ms -> values.getOrDefault(epochMs + ms, 0.0), runMs);
    }

    /** A sample a scrape; a staleness marker where the series, the answer or the target is gone. */
    private static Map<Map<String, String>, NavigableMap<Long, Double>> series(Feed feed, long epochMs) {
        long interval = feed.run.scenario().scrapeInterval().toMillis();
        Map<Map<String, String>, NavigableMap<Long, Double>> series = new HashMap<>();
        for (ScenarioScrape scrape : feed.scrapes) {
            Map<String, String> labels =
                    Map.of("__name__", COUNTER, "scenario", feed.pipeline, "instance", scrape.pod());
            NavigableMap<Long, Double> samples = series.get(labels);
            long at = epochMs + scrape.atMs();
            if (scrape.value() != ScenarioScrape.ABSENT) {
                if (samples == null) {
                    samples = new TreeMap<>();
                    series.put(labels, samples);
                }
                samples.put(at, (double) scrape.value());
                // Taken back by the next scrape, at that very time, if there is one.
                samples.put(at + interval, StaleMarker.VALUE);
            }
        }
        return series;
    }

    @Override
    public void close() {
        process.close();
    }
}

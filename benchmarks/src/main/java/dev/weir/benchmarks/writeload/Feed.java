package dev.weir.benchmarks.writeload;

import dev.weir.benchmarks.fleet.FleetSeries;
import dev.weir.benchmarks.sidebyside.Times;
import dev.weir.schemas.WriteRequestEncoder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xerial.snappy.Snappy;

/**
 * Samples of a fleet as remote-write 1.0 requests of at most {@value #SAMPLES_PER_REQUEST} samples, which every server gets
 * byte for byte the same, one server after the other, the next request beginning with the next server.
 */
final class Feed {
    /** What a Prometheus sends at once unless told otherwise. */
    static final int SAMPLES_PER_REQUEST = 2000;

    private final List<FleetSeries> fleet;
    private final List<byte[]> labels;
    private final Times times;
    private final double samplesPerSecond;
    private final WriteRequestEncoder encoder = new WriteRequestEncoder();
    private long requests;

    /** @param samplesPerSecond to each server, at most */
    Feed(List<FleetSeries> fleet, Times times, double samplesPerSecond) {
        this.fleet = fleet;
        this.labels = fleet.stream()
                .map(series -> WriteRequestEncoder.labels(series.labels().toMap()))
                .toList();
        this.times = times;
        this.samplesPerSecond = samplesPerSecond;
    }

    /** Sends the scrapes {@code from} to {@code to}, exclusive, of the first {@code seriesCount} series. */
    void send(List<Contender> servers, int seriesCount, int from, int to) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        long sent = 0;
        for (int scrape = from; scrape < to; scrape++) {
            for (int first = 0; first < seriesCount; first += SAMPLES_PER_REQUEST) {
                int last = Math.min(seriesCount, first + SAMPLES_PER_REQUEST);
                byte[] request = request(scrape, first, last);
                long dueNanos = startNanos + (long) (sent / samplesPerSecond * 1e9);
                TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
                for (int i = 0; i < servers.size(); i++) {
                    servers.get((int) ((requests + i) % servers.size())).api().write(request);
                }
                requests++;
                sent += last - first;
            }
        }
    }

    private byte[] request(int scrape, int first, int last) throws IOException {
        for (int i = first; i < last; i++) {
            encoder.add(labels.get(i), times.scrapeMs(scrape), fleet.get(i).values()[scrape]);
        }
        return Snappy.compress(encoder.drain());
    }
}

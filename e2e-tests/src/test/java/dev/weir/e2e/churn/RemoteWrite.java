package dev.weir.e2e.churn;

import dev.weir.schemas.WriteRequestEncoder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xerial.snappy.Snappy;

/** Sends samples to a remote-write receiver, in the order of their times. */
final class RemoteWrite {
    /** What a receiver that cares for order gets at once. */
    private static final long SLICE_MS = 300_000;

    private static final int MAX_REQUEST_BYTES = 1 << 20;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI receiver;
    private final WriteRequestEncoder encoder = new WriteRequestEncoder();

    RemoteWrite(URI receiver) {
        this.receiver = receiver;
    }

    /** All samples, by labels and time. */
    void send(Map<Map<String, String>, NavigableMap<Long, Double>> series) throws IOException, InterruptedException {
        TreeMap<Long, List<Part>> slices = new TreeMap<>();
        series.forEach((labels, samples) -> {
            for (long at = samples.firstKey(); ; ) {
                long end = Math.floorDiv(at, SLICE_MS) * SLICE_MS + SLICE_MS;
                slices.computeIfAbsent(end, key -> new ArrayList<>()).add(new Part(labels, samples.subMap(at, end)));
                Long next = samples.ceilingKey(end);
                if (next == null) {
                    break;
                }
                at = next;
            }
        });
        for (List<Part> slice : slices.values()) {
            for (Part part : slice) {
                part.samples.forEach((time, value) -> add(part.labels, time, value));
                if (encoder.sizeBytes() > MAX_REQUEST_BYTES) {
                    flush();
                }
            }
            flush();
        }
    }

    /** One sample of the next request. */
    void add(Map<String, String> labels, long timeMs, double value) {
        encoder.add(WriteRequestEncoder.labels(new TreeMap<>(labels)), timeMs, value);
    }

    /** Posts what was added. */
    void flush() throws IOException, InterruptedException {
        if (encoder.isEmpty()) {
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(receiver)
                .header("Content-Encoding", "snappy")
                .header("Content-Type", "application/x-protobuf")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .POST(BodyPublishers.ofByteArray(Snappy.compress(encoder.drain())))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError(receiver + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private record Part(Map<String, String> labels, SortedMap<Long, Double> samples) {}
}

package dev.weir.aggregation.request;

import dev.weir.aggregation.sketch.Sketch;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** What some requests of one group come to. Only what at least one of them told is there: unknown is not zero. */
final class RequestSums {
    private static final RequestCounter[] COUNTERS = RequestCounter.values();
    private static final RequestLatency[] LATENCIES = RequestLatency.values();

    final Map<RequestCounter, Double> counts = new EnumMap<>(RequestCounter.class);
    final Map<RequestLatency, Sketch> latencies = new EnumMap<>(RequestLatency.class);

    void add(RequestReport report) {
        for (RequestCounter counter : COUNTERS) {
            long amount = counter.amount(report);
            if (amount != RequestReport.UNKNOWN) {
                counts.merge(counter, (double) amount, Double::sum);
            }
        }
        for (RequestLatency latency : LATENCIES) {
            Sketch sketch = latencies.computeIfAbsent(latency, key -> new Sketch());
            latency.observe(report, sketch);
            if (sketch.isEmpty()) {
                latencies.remove(latency);
            }
        }
    }

    void write(DataOutput out) throws IOException {
        for (RequestCounter counter : COUNTERS) {
            Double amount = counts.get(counter);
            out.writeDouble(amount == null ? RequestReport.UNKNOWN : amount);
        }
        for (RequestLatency latency : LATENCIES) {
            Sketch sketch = latencies.get(latency);
            out.writeBoolean(sketch != null);
            if (sketch != null) {
                sketch.write(out);
            }
        }
    }

    static RequestSums read(DataInput in) throws IOException {
        RequestSums sums = new RequestSums();
        for (RequestCounter counter : COUNTERS) {
            double amount = in.readDouble();
            if (amount != RequestReport.UNKNOWN) {
                sums.counts.put(counter, amount);
            }
        }
        for (RequestLatency latency : LATENCIES) {
            if (in.readBoolean()) {
                sums.latencies.put(latency, Sketch.read(in));
            }
        }
        return sums;
    }
}

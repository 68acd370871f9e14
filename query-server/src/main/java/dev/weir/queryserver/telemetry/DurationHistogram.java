package dev.weir.queryserver.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** How long things took, in classic buckets. Thread-safe. */
final class DurationHistogram {
    private static final double[] BOUNDS_SECONDS = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120};

    private final LongAdder[] counts = new LongAdder[BOUNDS_SECONDS.length + 1];
    private final LongAdder sumNanos = new LongAdder();

    DurationHistogram() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void observe(long nanos) {
        double seconds = nanos / 1e9;
        int bucket = 0;
        while (bucket < BOUNDS_SECONDS.length && seconds > BOUNDS_SECONDS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sumNanos.add(nanos);
    }

    void writeTo(MetricsText text, String name, String labelName, String labelValue) {
        long total = 0;
        for (int i = 0; i < counts.length; i++) {
            total += counts[i].sum();
            String bound = i < BOUNDS_SECONDS.length ? Double.toString(BOUNDS_SECONDS[i]) : "+Inf";
            text.sample(name + "_bucket", total, labelName, labelValue, "le", bound);
        }
        text.sample(name + "_sum", sumNanos.sum() / 1e9, labelName, labelValue);
        text.sample(name + "_count", total, labelName, labelValue);
    }
}

package dev.weir.promql.answers;

import dev.weir.series.StaleMarker;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/** Floats over an hour as scrapes leave them: jittered, with gaps, stale markers, and series that come and go. */
final class FloatSamples {
    private static final double[] ODD = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -0.0,
        0,
        1e308,
        -1e308,
        Double.MIN_NORMAL,
        1e-9,
        4e15,
        2.5
    };

    private final Random random;
    private final long startMs;
    private final long endMs;

    FloatSamples(Random random, long startMs, long endMs) {
        this.random = random;
        this.startMs = startMs;
        this.endMs = endMs;
    }

    /** Grows by whole numbers, and starts again now and then. */
    NavigableMap<Long, Object> counter() {
        double[] value = {random.nextInt(3) == 0 ? 0 : random.nextInt(1000)};
        return scraped(() -> {
            value[0] = random.nextInt(60) == 0 ? random.nextInt(5) : value[0] + random.nextInt(40);
            return value[0];
        });
    }

    /** Grows by fractions without a break. */
    NavigableMap<Long, Object> steadyCounter(double perSample) {
        double[] value = {0};
        NavigableMap<Long, Object> samples = new TreeMap<>();
        for (long timeMs = startMs; timeMs <= endMs; timeMs += 15_000) {
            samples.put(timeMs, value[0]);
            value[0] += perSample;
        }
        return samples;
    }

    /** A random walk through positive and negative thousandths. */
    NavigableMap<Long, Object> gauge(double around) {
        double[] value = {around};
        return scraped(() -> {
            value[0] += (random.nextInt(2001) - 1000) / 1000.0;
            return Math.rint(value[0] * 1000) / 1000;
        });
    }

    /** Few whole numbers, so that different series often hold the same. */
    NavigableMap<Long, Object> level(int bound) {
        double[] value = {random.nextInt(bound)};
        return scraped(() -> {
            value[0] = random.nextInt(10) == 0 ? random.nextInt(bound) : value[0];
            return value[0];
        });
    }

    NavigableMap<Long, Object> constant(double value) {
        return scraped(() -> value);
    }

    /** Every number that arithmetic stumbles over. */
    NavigableMap<Long, Object> odd() {
        return scraped(() -> ODD[random.nextInt(ODD.length)]);
    }

    /** A few samples, minutes apart. */
    NavigableMap<Long, Object> sparse() {
        NavigableMap<Long, Object> samples = new TreeMap<>();
        double value = 0;
        for (long timeMs = startMs + random.nextInt(300_000);
                timeMs <= endMs;
                timeMs += 60_000 + random.nextInt(500_000)) {
            value += random.nextInt(3);
            samples.put(timeMs, value);
        }
        return samples;
    }

    /** The times of scrapes with what is found there. */
    NavigableMap<Long, Object> scraped(DoubleSupplier values) {
        NavigableMap<Long, Object> samples = new TreeMap<>();
        long intervalMs = random.nextInt(4) == 0 ? 30_000 : 15_000;
        long phaseMs = random.nextInt(3) == 0 ? 0 : random.nextInt((int) intervalMs);
        boolean isBorn = random.nextInt(6) > 0;
        for (long timeMs = startMs + phaseMs; timeMs <= endMs; timeMs += intervalMs) {
            int event = random.nextInt(200);
            if (!isBorn) {
                isBorn = event < 4;
            } else if (event == 0) {
                samples.put(timeMs, StaleMarker.VALUE);
                isBorn = false;
            } else if (event == 1) {
                timeMs += random.nextInt(900_000) / intervalMs * intervalMs;
            } else if (event == 2) {
                samples.put(timeMs, StaleMarker.VALUE);
            } else {
                samples.put(timeMs + (random.nextInt(5) == 0 ? random.nextInt(20) : 0), values.getAsDouble());
            }
        }
        return samples;
    }
}

package dev.weir.benchmarks.restart;

import dev.weir.benchmarks.sidebyside.HttpApi;
import dev.weir.schemas.WriteRequestEncoder;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.xerial.snappy.Snappy;

/**
 * Counters of many pods, {@value #SERIES_PER_POD} each, that grow unevenly; every value follows from series and scrape, so
 * nothing of it is kept.
 */
final class ManySeries {
    private static final int SERIES_PER_POD = 500;
    private static final int SERIES_PER_FAMILY = 20;
    private static final int MODELS = 20;
    private static final long INTERVAL_MS = 15_000;
    private static final int SAMPLES_PER_REQUEST = 12_000;

    private final int series;
    private final int samples;
    private final long firstMs;
    private final WriteRequestEncoder encoder = new WriteRequestEncoder();

    /** @param endMs time of the last of {@code samples} samples of each series */
    ManySeries(int series, int samples, long endMs) {
        this.series = series;
        this.samples = samples;
        this.firstMs = endMs - (samples - 1) * INTERVAL_MS;
    }

    /**
     * Writes the samples {@code from} to {@code to}, exclusive, of every series, as a sender that has fallen behind does: some
     * series in a request, each with all of these.
     */
    void write(HttpApi api, int from, int to) throws IOException, InterruptedException {
        int pending = 0;
        for (int i = 0; i < series; i++) {
            byte[] labels = WriteRequestEncoder.labels(labels(i));
            for (int sample = from; sample < to; sample += 2) {
                if (sample + 1 < to) {
                    encoder.add(labels, timeMs(sample), value(i, sample), timeMs(sample + 1), value(i, sample + 1));
                } else {
                    encoder.add(labels, timeMs(sample), value(i, sample));
                }
            }
            pending += to - from;
            if (pending >= SAMPLES_PER_REQUEST || i == series - 1) {
                api.write(Snappy.compress(encoder.drain()));
                pending = 0;
            }
        }
    }

    /** An expression whose value at the last sample's time is the number of series. */
    static String countExpression() {
        return "count({job=\"restart\"})";
    }

    long endMs() {
        return timeMs(samples - 1);
    }

    private long timeMs(int sample) {
        return firstMs + sample * INTERVAL_MS;
    }

    private static Map<String, String> labels(int number) {
        int pod = number / SERIES_PER_POD;
        int ofPod = number % SERIES_PER_POD;
        Map<String, String> labels = new TreeMap<>();
        labels.put("__name__", "family_" + ofPod / SERIES_PER_FAMILY + "_bucket");
        labels.put("instance", "10." + (pod >> 16) + "." + ((pod >> 8) & 255) + "." + (pod & 255) + ":8000");
        labels.put("job", "restart");
        labels.put("le", Integer.toString(1 << (ofPod % SERIES_PER_FAMILY)));
        labels.put("model_name", "model-" + pod % MODELS);
        labels.put("namespace", "inference");
        labels.put("pod", "vllm-" + pod % MODELS + "-" + Integer.toHexString(0x5eed00 + pod));
        return labels;
    }

    /** A straight line with some noise, never falling. */
    private static double value(int number, int sample) {
        int step = 1 + number % 50;
        int noise = ((number * 31 + sample * 17) * 0x9e3779b9) >>> 26;
        return (double) step * (64 * (long) sample + noise);
    }
}

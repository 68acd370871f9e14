package dev.weir.aggregation.request;

import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import java.util.EnumMap;
import java.util.Map;

/** The encoded labels of a group's series, each made when it is needed first. */
final class RequestSeries {
    /** The quantiles that are told, in thousandths, and as labels tell them. */
    static final int[] PER_MILLE = {500, 900, 950, 990};

    private static final String[] QUANTILES = {"0.5", "0.9", "0.95", "0.99"};

    /** What is told of a quantile. */
    enum Part {
        VALUE("_quantile", "Quantile of the window's requests, within 1.1 %"),
        LOWER("_quantile_lower", "The true quantile is not below this"),
        UPPER("_quantile_upper", "The true quantile is not above this");

        final String suffix;
        private final String help;

        Part(String suffix, String help) {
            this.suffix = suffix;
            this.help = help;
        }

        String help(RequestLatency latency) {
            return help + ": " + latency.help;
        }
    }

    private final Labels group;
    private final Map<RequestCounter, byte[]> counters = new EnumMap<>(RequestCounter.class);
    private final Map<RequestLatency, byte[]> histograms = new EnumMap<>(RequestLatency.class);
    private final Map<RequestLatency, Map<Part, byte[][]>> quantiles = new EnumMap<>(RequestLatency.class);

    RequestSeries(Labels group) {
        this.group = group;
    }

    byte[] of(RequestCounter counter) {
        return counters.computeIfAbsent(counter, key -> encode(key.metricName, ""));
    }

    byte[] of(RequestLatency latency) {
        return histograms.computeIfAbsent(latency, key -> encode(key.metricName, ""));
    }

    /** @param quantile its place in {@link #PER_MILLE} */
    byte[] of(RequestLatency latency, int quantile, Part part) {
        return quantiles.computeIfAbsent(latency, key -> new EnumMap<>(Part.class))
                .computeIfAbsent(part, key -> encodeQuantiles(latency.metricName + part.suffix))[quantile];
    }

    private byte[][] encodeQuantiles(String name) {
        byte[][] encoded = new byte[QUANTILES.length][];
        for (int i = 0; i < encoded.length; i++) {
            encoded[i] = encode(name, QUANTILES[i]);
        }
        return encoded;
    }

    private byte[] encode(String name, String quantile) {
        return WriteRequestEncoder.labels(group.toBuilder()
                .set(Labels.METRIC_NAME, name)
                .set("quantile", quantile)
                .build()
                .toMap());
    }
}

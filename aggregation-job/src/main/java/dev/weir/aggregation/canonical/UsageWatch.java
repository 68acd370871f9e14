package dev.weir.aggregation.canonical;

import dev.weir.aggregation.state.StateIo;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Watches for requests that succeed while no output token is reported, as when streaming clients do not ask for usage.
 * Keyed by the labels that a requests series and its token series share. Where an engine serves models that have no output
 * tokens, embeddings say, it complains about them too: a page does not tell the two apart.
 */
public final class UsageWatch {
    /** So many requests in a row without a token are no coincidence, nor the rounding of releases. */
    public static final double LEAST_REQUESTS = 10;

    private final Map<Labels, Count> counts = new HashMap<>();

    private static final class Count {
        double successes;
        /** Of the open window. */
        double requests;

        double errors;
        double tokens;
    }

    /** Begins to watch; from now on the engine is expected to report tokens. */
    public void expect(Labels key) {
        counts.computeIfAbsent(key, any -> new Count());
    }

    public void forget(Labels key) {
        counts.remove(key);
    }

    /** Something was gained in the open window. */
    public void gained(CanonicalFamily family, Labels key, double amount) {
        Count count = counts.get(key);
        if (count == null) {
            return;
        }
        switch (family) {
            case REQUESTS -> count.requests += amount;
            case REQUEST_ERRORS -> count.errors += amount;
            case OUTPUT_TOKENS -> count.tokens += amount;
            default -> {
                // Of no concern.
            }
        }
    }

    /** Closes the window; the keys for which tokens are missing, with the successful requests since the last one. */
    public Map<Labels, Double> closeWindow() {
        Map<Labels, Double> missing = new HashMap<>();
        counts.forEach((key, count) -> {
            count.successes = count.tokens > 0 ? 0 : Math.max(0, count.successes + count.requests - count.errors);
            count.requests = 0;
            count.errors = 0;
            count.tokens = 0;
            if (count.successes >= LEAST_REQUESTS) {
                missing.put(key, count.successes);
            }
        });
        return missing;
    }

    public void write(DataOutput out) throws IOException {
        out.writeInt(counts.size());
        for (Map.Entry<Labels, Count> entry : counts.entrySet()) {
            StateIo.writeLabels(out, entry.getKey());
            out.writeDouble(entry.getValue().successes);
        }
    }

    public static UsageWatch read(DataInput in) throws IOException {
        UsageWatch watch = new UsageWatch();
        for (int i = in.readInt(); i > 0; i--) {
            Count count = new Count();
            watch.counts.put(StateIo.readLabels(in), count);
            count.successes = in.readDouble();
        }
        return watch;
    }
}

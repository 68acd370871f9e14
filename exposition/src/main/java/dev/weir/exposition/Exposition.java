package dev.weir.exposition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parsed {@code /metrics} page: its families in order of first appearance, names unique. */
public record Exposition(List<MetricFamily> families) {
    public Exposition {
        families = List.copyOf(families);
    }

    /** The number of sample lines, duplicates included. */
    public int sampleCount() {
        int count = 0;
        for (MetricFamily family : families) {
            count += family.samples().size();
        }
        return count;
    }

    /** The family of that name, or null. */
    public @Nullable MetricFamily family(String name) {
        for (MetricFamily family : families) {
            if (family.name().equals(name)) {
                return family;
            }
        }
        return null;
    }
}

package dev.weir.scaling;

import org.jspecify.annotations.Nullable;

/**
 * What a rule's expression gave, or why that is not known, which is not 0.
 *
 * @param value NaN if it is not known
 * @param unknown null if it is known
 */
record Observation(double value, @Nullable String unknown) {
    static Observation of(double value) {
        return new Observation(value, null);
    }

    static Observation unknown(String why) {
        return new Observation(Double.NaN, why);
    }
}

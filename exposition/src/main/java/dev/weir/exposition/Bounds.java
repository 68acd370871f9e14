package dev.weir.exposition;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The numbers inside {@code le} and {@code quantile} labels. */
final class Bounds {
    private Bounds() {}

    /** The number, or NaN if {@code text} is null or none. */
    static double parse(@Nullable String text) {
        if (text == null) {
            return Double.NaN;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            return Numbers.parse(bytes, 0, bytes.length);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}

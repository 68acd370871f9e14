package dev.weir.aggregation.canonical;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** From where something was measured. An engine and the gateway before it time different things under one name. */
public enum Vantage {
    ENGINE,
    GATEWAY,
    /** A node or its devices, which know nothing of requests. */
    NODE;

    /** As label value and in data files. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Map<String, Vantage> words() {
        Map<String, Vantage> words = new LinkedHashMap<>();
        for (Vantage vantage : values()) {
            words.put(vantage.word(), vantage);
        }
        return words;
    }
}

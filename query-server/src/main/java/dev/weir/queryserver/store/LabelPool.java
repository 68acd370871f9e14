package dev.weir.queryserver.store;

import dev.weir.series.Labels;
import java.util.HashMap;
import java.util.Map;

/** Lets series share the texts of their labels, most of which repeat. Used by one thread at a time. */
final class LabelPool {
    private final Map<String, String> texts = new HashMap<>();

    /** The same labels, made of texts that others use too. */
    Labels shared(Labels labels) {
        String[] pairs = new String[2 * labels.size()];
        for (int i = 0; i < labels.size(); i++) {
            pairs[2 * i] = shared(labels.name(i));
            pairs[2 * i + 1] = shared(labels.value(i));
        }
        return Labels.ofSorted(pairs);
    }

    /** Forgets all texts, so that those of series that are gone take no memory. */
    void clear() {
        texts.clear();
    }

    String shared(String text) {
        String known = texts.putIfAbsent(text, text);
        return known == null ? text : known;
    }
}

package dev.weir.queryserver.store;

import dev.weir.series.Labels;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Hashes labels, keyed by a secret of the process, so that no sender can choose labels that fall on one place. What was hashed
 * last is remembered, since neighbours share most of their texts. Not thread-safe.
 */
final class LabelHasher {
    private static final int LEAST_PLACES = 16;
    private static final long SECRET = new SecureRandom().nextLong();

    /** At each place of labels, the text that was hashed last. */
    private @Nullable String[] lastTexts = new @Nullable String[LEAST_PLACES];

    private long[] lastHashes = new long[LEAST_PLACES];

    /** Depends on what the labels say alone; the same of every instance. */
    int hash(Labels labels) {
        long hash = SECRET;
        for (int i = 0; i < labels.size(); i++) {
            hash = mixed(hash, hash(2 * i, labels.name(i)));
            hash = mixed(hash, hash(2 * i + 1, labels.value(i)));
        }
        return (int) (hash >>> 32);
    }

    private long hash(int place, String text) {
        if (place >= lastTexts.length) {
            lastTexts = Arrays.copyOf(lastTexts, 2 * place);
            lastHashes = Arrays.copyOf(lastHashes, 2 * place);
        }
        if (!text.equals(lastTexts[place])) {
            lastTexts[place] = text;
            lastHashes[place] = hash(text);
        }
        return lastHashes[place];
    }

    private static long hash(String text) {
        long hash = SECRET + text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = mixed(hash, text.charAt(i));
        }
        return hash;
    }

    private static long mixed(long hash, long more) {
        long mixed = (hash ^ more) * 0x9e37_79b9_7f4a_7c15L;
        return mixed ^ mixed >>> 29;
    }
}

package dev.weir.aggregation.scrape;

import dev.weir.series.Labels;

/** A 64-bit identity of a series within its target: FNV-1a over its strings, mixed once more at the end. */
final class Fingerprint {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Fingerprint() {}

    static long of(String name, Labels labels) {
        long hash = add(OFFSET, name);
        for (int i = 0; i < labels.size(); i++) {
            hash = add(hash, labels.name(i));
            hash = add(hash, labels.value(i));
        }
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        return hash ^ hash >>> 29;
    }

    private static long add(long hash, String text) {
        long result = hash;
        for (int i = 0; i < text.length(); i++) {
            result = (result ^ text.charAt(i)) * PRIME;
        }
        // No character is 0x10000, so that neighbouring strings cannot run into each other.
        return (result ^ 0x10000) * PRIME;
    }
}

package dev.weir.aggregation.scrape;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/** One instance of equal values, for as long as somebody has it. Not safe for use by several threads. */
final class Interner<T> {
    private final Map<T, WeakReference<T>> known = new WeakHashMap<>();

    T intern(T value) {
        WeakReference<T> reference = known.get(value);
        T present = reference == null ? null : reference.get();
        if (present != null) {
            return present;
        }
        known.put(value, new WeakReference<>(value));
        return value;
    }
}

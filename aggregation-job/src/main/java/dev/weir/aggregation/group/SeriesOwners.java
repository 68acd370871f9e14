package dev.weir.aggregation.group;

import dev.weir.series.Labels;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who writes which series of a group, so that no two ever write one: a counter named as another's histogram's count, or one
 * gauge of two targets. The first stands until it ends. A histogram's buckets are one series here, without {@code le}.
 */
final class SeriesOwners {
    private static final Set<String> LE = Set.of("le");

    private final Map<Labels, Object> owners = new HashMap<>();

    /** Whether the series are all the owner's now; if one is another's, none is taken. */
    boolean claim(Collection<Labels> series, Object owner) {
        for (Labels one : series) {
            Object present = owners.get(one);
            if (present == null && one.get("le") != null) {
                present = owners.get(one.without(LE));
                present = present instanceof Member ? present : null;
            }
            if (present != null && present != owner) {
                return false;
            }
        }
        series.forEach(one -> owners.put(one, owner));
        return true;
    }

    boolean claim(Labels series, Object owner) {
        return claim(List.of(series), owner);
    }

    /** Gives up series that were claimed. */
    void release(Collection<Labels> series) {
        series.forEach(owners::remove);
    }
}

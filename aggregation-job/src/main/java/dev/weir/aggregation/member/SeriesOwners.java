package dev.weir.aggregation.member;

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
public final class SeriesOwners {
    private static final Set<String> LE = Set.of("le");

    private final Map<Labels, Object> owners = new HashMap<>();
    /** How many series of each name have an owner. */
    private final Map<String, Integer> names = new HashMap<>();

    /** Whether the series are all the owner's now; if one is another's, none is taken. */
    public boolean claim(Collection<Labels> series, Object owner) {
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
        for (Labels one : series) {
            if (owners.put(one, owner) == null) {
                names.merge(one.metricName(), 1, Integer::sum);
            }
        }
        return true;
    }

    /** Whether a target exposes the series. */
    public boolean has(Labels series) {
        return owners.containsKey(series);
    }

    /** Whether a target exposes a family of that name. */
    public boolean hasFamily(String name) {
        return names.containsKey(name)
                || names.containsKey(name + "_count")
                || names.containsKey(name + "_sum")
                || names.containsKey(name + "_bucket");
    }

    public boolean claim(Labels series, Object owner) {
        return claim(List.of(series), owner);
    }

    /** Gives up series that were claimed. */
    public void release(Collection<Labels> series) {
        for (Labels one : series) {
            if (owners.remove(one) != null) {
                names.computeIfPresent(one.metricName(), (name, count) -> count == 1 ? null : count - 1);
            }
        }
    }
}

package dev.weir.queryserver.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The newest metadata of each family and scope, at most {@link #MAX_FAMILIES}. Guarded by the store's lock. */
final class MetadataTable {
    static final int MAX_FAMILIES = 100_000;

    private record Key(String scope, String family) {}

    private final Map<Key, MetricMetadata> byFamily = new LinkedHashMap<>();

    /** Whether {@code metadata} says anything new, and there is room for it. */
    boolean isNews(MetricMetadata metadata) {
        MetricMetadata known = byFamily.get(new Key(metadata.scope(), metadata.family()));
        return known == null ? byFamily.size() < MAX_FAMILIES : !known.equals(metadata);
    }

    void put(MetricMetadata metadata) {
        if (isNews(metadata)) {
            byFamily.put(new Key(metadata.scope(), metadata.family()), metadata);
        }
    }

    List<MetricMetadata> all() {
        return new ArrayList<>(byFamily.values());
    }

    /** What was written for this project or for none; everything if {@code project} is null. */
    List<MetricMetadata> visibleTo(@Nullable String project) {
        List<MetricMetadata> visible = new ArrayList<>();
        for (MetricMetadata metadata : byFamily.values()) {
            if (project == null
                    || metadata.scope().equals(project)
                    || metadata.scope().equals(MetricMetadata.SHARED)) {
                visible.add(metadata);
            }
        }
        return visible;
    }
}

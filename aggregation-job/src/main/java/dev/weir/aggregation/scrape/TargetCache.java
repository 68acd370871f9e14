package dev.weir.aggregation.scrape;

import dev.weir.aggregation.report.FamilyInfo;
import dev.weir.aggregation.report.OutputSeries;
import dev.weir.exposition.layout.PageLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The targets whose events came last, at most {@link #MAX_TARGETS}; what is equal between them they share. A target that
 * was left out has its next page parsed as if it were new. Not safe for use by several threads.
 */
final class TargetCache {
    /** Beyond it the target with the oldest event is left out. */
    static final int MAX_TARGETS = 20_000;

    private final Map<String, KnownTarget> targets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, KnownTarget> eldest) {
            return size() > MAX_TARGETS;
        }
    };

    private final Interner<PageLayout> layouts = new Interner<>();
    private final Interner<OutputSeries> outputs = new Interner<>();
    private final Interner<List<FamilyInfo>> families = new Interner<>();
    private long misses;

    @Nullable
    KnownTarget get(String target) {
        return targets.get(target);
    }

    void put(String target, KnownTarget known) {
        targets.put(target, known);
    }

    PageLayout share(PageLayout layout) {
        return layouts.intern(layout);
    }

    List<OutputSeries> share(List<OutputSeries> series) {
        return series.stream().map(outputs::intern).toList();
    }

    List<FamilyInfo> shareFamilies(List<FamilyInfo> ofPage) {
        return families.intern(List.copyOf(ofPage));
    }

    void countMiss() {
        misses++;
    }

    int size() {
        return targets.size();
    }

    /** Pages that were parsed as a whole. */
    long misses() {
        return misses;
    }
}

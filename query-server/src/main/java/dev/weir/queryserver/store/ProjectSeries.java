package dev.weir.queryserver.store;

import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All series of one project, and their index: label name to value to series. Guarded by the store's lock. A query of one
 * project touches no other's instance, so nothing a query says can reach another project.
 */
final class ProjectSeries {
    private final LabelTable byLabels = new LabelTable();
    private Map<String, Map<String, Postings>> index = new HashMap<>();

    /** By place, what was indexed last, since neighbours share most of their labels. */
    private @Nullable Entry[] latest = new @Nullable Entry[16];

    private record Entry(String name, String value, Postings postings) {}

    @Nullable
    MemorySeries get(Labels labels) {
        return byLabels.get(labels);
    }

    /** @param hash of the labels, by {@link LabelHasher} */
    @Nullable
    MemorySeries get(Labels labels, int hash) {
        return byLabels.get(labels, hash);
    }

    int size() {
        return byLabels.size();
    }

    Collection<MemorySeries> all() {
        return byLabels.all();
    }

    /** Takes a series that is not there yet. */
    void add(MemorySeries series) {
        series.list(true);
        index(series.labels(), byLabels.add(series));
    }

    void add(MemorySeries series, int hash) {
        series.list(true);
        index(series.labels(), byLabels.add(series, hash));
    }

    /** Forgets series. Takes time proportional to the number of all series if there is any. */
    int removeIf(Predicate<MemorySeries> isGone) {
        List<MemorySeries> kept = new ArrayList<>(size());
        for (MemorySeries series : all()) {
            if (isGone.test(series)) {
                series.list(false);
            } else {
                kept.add(series);
            }
        }
        int removed = size() - kept.size();
        if (removed > 0) {
            index = new HashMap<>();
            Arrays.fill(latest, null);
            byLabels.clear();
            kept.forEach(this::add);
        }
        return removed;
    }

    /** Gives every series that satisfies all matchers. */
    List<MemorySeries> select(List<LabelMatcher> matchers) {
        BitSet found = null;
        for (LabelMatcher matcher : matchers) {
            if (!matcher.matchesEmpty()) {
                BitSet having = union(matcher, true);
                if (found == null) {
                    found = having;
                } else {
                    found.and(having);
                }
            }
        }
        if (found == null) {
            found = new BitSet(size());
            found.set(0, size());
        }
        for (LabelMatcher matcher : matchers) {
            if (matcher.matchesEmpty()) {
                found.andNot(union(matcher, false));
            }
        }
        List<MemorySeries> series = new ArrayList<>(found.cardinality());
        for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
            series.add(byLabels.get(i));
        }
        return series;
    }

    Set<String> labelNames() {
        return index.keySet();
    }

    Set<String> labelValues(String name) {
        Map<String, Postings> values = index.get(name);
        return values == null ? Set.of() : values.keySet();
    }

    /** The series that carry the label with a value for which {@code matcher} says {@code expected}. */
    private BitSet union(LabelMatcher matcher, boolean expected) {
        BitSet set = new BitSet(size());
        Map<String, Postings> values = index.get(matcher.name());
        if (values == null) {
            return set;
        }
        boolean isExact = matcher.type() == LabelMatcher.Type.EQUAL || matcher.type() == LabelMatcher.Type.NOT_EQUAL;
        if (isExact && matcher.matches(matcher.value()) == expected) {
            Postings postings = values.get(matcher.value());
            if (postings != null) {
                postings.addTo(set);
            }
            return set;
        }
        values.forEach((value, postings) -> {
            if (matcher.matches(value) == expected) {
                postings.addTo(set);
            }
        });
        return set;
    }

    private void index(Labels labels, int ordinal) {
        if (labels.size() > latest.length) {
            latest = Arrays.copyOf(latest, 2 * labels.size());
        }
        for (int i = 0; i < labels.size(); i++) {
            String name = labels.name(i);
            String value = labels.value(i);
            Entry entry = latest[i];
            if (entry == null || !entry.value.equals(value) || !entry.name.equals(name)) {
                entry = new Entry(
                        name,
                        value,
                        index.computeIfAbsent(name, n -> new HashMap<>()).computeIfAbsent(value, v -> new Postings()));
                latest[i] = entry;
            }
            entry.postings.add(ordinal);
        }
    }
}

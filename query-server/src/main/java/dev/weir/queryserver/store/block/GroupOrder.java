package dev.weir.queryserver.store.block;

import dev.weir.series.Labels;
import java.util.Comparator;
import java.util.Set;

/**
 * The order of a block's series: those of one target come together, as what is sampled together is stored together. Series
 * are of one group if they differ in metric name, {@code le} and {@code quantile} only.
 */
public final class GroupOrder implements Comparator<Labels> {
    public static final GroupOrder INSTANCE = new GroupOrder();

    /** The labels that tell the series of a group apart. */
    static final Set<String> WITHIN_GROUP = Set.of(Labels.METRIC_NAME, "le", "quantile");

    private GroupOrder() {}

    /** By group, and within it by all labels. */
    @Override
    public int compare(Labels a, Labels b) {
        int order = compareGroups(a, b);
        return order == 0 ? a.compareTo(b) : order;
    }

    static int compareGroups(Labels a, Labels b) {
        int i = next(a, 0);
        int k = next(b, 0);
        while (i < a.size() && k < b.size()) {
            int order = compareTexts(a.name(i), b.name(k));
            order = order == 0 ? compareTexts(a.value(i), b.value(k)) : order;
            if (order != 0) {
                return order;
            }
            i = next(a, i + 1);
            k = next(b, k + 1);
        }
        return Boolean.compare(i < a.size(), k < b.size());
    }

    private static int compareTexts(String a, String b) {
        // The labels of a store share their texts.
        return a.equals(b) ? 0 : Labels.BYTE_ORDER.compare(a, b);
    }

    private static int next(Labels labels, int from) {
        int at = from;
        while (at < labels.size() && WITHIN_GROUP.contains(labels.name(at))) {
            at++;
        }
        return at;
    }
}

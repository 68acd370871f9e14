package dev.weir.promql.answers;

import dev.weir.promql.generator.Query;
import dev.weir.series.HistogramBuckets.Bucket;
import dev.weir.series.Labels;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether two answers are the same as far as PromQL defines them. */
final class Comparison {
    /** Relative: what sums of up to a few hundred rounded numbers may be apart, and a thousandth of what anyone reads. */
    static final double TOLERANCE = 1e-9;

    private static final int MAX_ANNOTATIONS = 10;

    private final boolean isOrdered;

    /** The comparison that suits a query: only sorting functions and topk give their series in an order. */
    static Comparison of(Query query) {
        return new Comparison(query.isInstant() && query.text().matches("(sort|topk ?\\(|bottomk ?\\().*"));
    }

    /** @param isOrdered whether the order of a vector's series is part of the answer */
    Comparison(boolean isOrdered) {
        this.isOrdered = isOrdered;
    }

    /** What differs first, null if nothing does. */
    @Nullable
    Difference difference(Answer ours, Answer theirs) {
        if ((ours.error() == null) != (theirs.error() == null) || !ours.type().equals(theirs.type())) {
            return new Difference(Difference.Kind.OUTCOME, outcome(ours), outcome(theirs));
        }
        if (ours.error() != null) {
            return ours.error().equals(theirs.error())
                    ? null
                    : new Difference(Difference.Kind.ERROR_TEXT, ours.error(), String.valueOf(theirs.error()));
        }
        Difference difference = series(ours, theirs);
        if (difference == null) {
            difference = annotations(Difference.Kind.WARNINGS, ours.warnings(), theirs.warnings());
        }
        return difference == null ? annotations(Difference.Kind.INFOS, ours.infos(), theirs.infos()) : difference;
    }

    private @Nullable Difference series(Answer ours, Answer theirs) {
        Map<Labels, NavigableMap<Long, Object>> ourPoints = byLabels(ours);
        Map<Labels, NavigableMap<Long, Object>> theirPoints = byLabels(theirs);
        if (!ourPoints.keySet().equals(theirPoints.keySet())
                || ours.series().size() != theirs.series().size()) {
            return new Difference(
                    Difference.Kind.LABELS,
                    ourPoints.keySet().toString(),
                    theirPoints.keySet().toString());
        }
        for (Map.Entry<Labels, NavigableMap<Long, Object>> entry : ourPoints.entrySet()) {
            NavigableMap<Long, Object> other = Objects.requireNonNull(theirPoints.get(entry.getKey()));
            Difference difference = points(entry.getKey(), entry.getValue(), other);
            if (difference != null) {
                return difference;
            }
        }
        return isOrdered ? order(ours, theirs) : null;
    }

    private static Map<Labels, NavigableMap<Long, Object>> byLabels(Answer answer) {
        Map<Labels, NavigableMap<Long, Object>> points = new TreeMap<>();
        answer.series().forEach(series -> points.put(series.labels(), series.points()));
        return points;
    }

    private static @Nullable Difference points(
            Labels labels, NavigableMap<Long, Object> ours, NavigableMap<Long, Object> theirs) {
        if (!ours.keySet().equals(theirs.keySet())) {
            return new Difference(Difference.Kind.TIMES, labels + " " + ours, labels + " " + theirs);
        }
        for (Map.Entry<Long, Object> entry : ours.entrySet()) {
            Object other = Objects.requireNonNull(theirs.get(entry.getKey()));
            if (!isSame(entry.getValue(), other)) {
                String where = labels + " at " + entry.getKey() + ": ";
                return new Difference(Difference.Kind.VALUES, where + entry.getValue(), where + other);
            }
        }
        return null;
    }

    private static @Nullable Difference order(Answer ours, Answer theirs) {
        for (int i = 0; i < ours.series().size(); i++) {
            Answer.Series our = ours.series().get(i);
            Answer.Series their = theirs.series().get(i);
            // Equal values may stand in any order.
            if (!our.labels().equals(their.labels()) && points(our.labels(), our.points(), their.points()) != null) {
                return new Difference(
                        Difference.Kind.ORDER,
                        ours.series().toString(),
                        theirs.series().toString());
            }
        }
        return null;
    }

    private static boolean isSame(Object ours, Object theirs) {
        if (ours instanceof Double our && theirs instanceof Double their) {
            return isSame(our.doubleValue(), their.doubleValue());
        }
        if (!(ours instanceof HistogramPoint our) || !(theirs instanceof HistogramPoint their)) {
            return ours.equals(theirs);
        }
        if (!isSame(our.count(), their.count())
                || !isSame(our.sum(), their.sum())
                || our.buckets().size() != their.buckets().size()) {
            return false;
        }
        for (int i = 0; i < our.buckets().size(); i++) {
            if (!isSame(our.buckets().get(i), their.buckets().get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(Bucket ours, Bucket theirs) {
        return ours.includesLower() == theirs.includesLower()
                && ours.includesUpper() == theirs.includesUpper()
                && isSame(ours.lower(), theirs.lower())
                && isSame(ours.upper(), theirs.upper())
                && isSame(ours.count(), theirs.count());
    }

    private static boolean isSame(double ours, double theirs) {
        if (Double.isNaN(ours) || Double.isNaN(theirs)) {
            return Double.isNaN(ours) && Double.isNaN(theirs);
        }
        return ours == theirs || Math.abs(ours - theirs) <= TOLERANCE * Math.max(Math.abs(ours), Math.abs(theirs));
    }

    /** Annotations come in no order; of more than ten, which ten are shown is left to chance. */
    private static @Nullable Difference annotations(Difference.Kind kind, List<String> ours, List<String> theirs) {
        boolean isSame = Math.max(ours.size(), theirs.size()) > MAX_ANNOTATIONS
                ? ours.size() == theirs.size()
                : new TreeSet<>(ours).equals(new TreeSet<>(theirs));
        return isSame ? null : new Difference(kind, ours.toString(), theirs.toString());
    }

    private static String outcome(Answer answer) {
        return answer.type()
                + (answer.error() == null ? " of " + answer.series().size() : ": " + answer.error());
    }
}

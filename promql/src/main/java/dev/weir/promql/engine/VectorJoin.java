package dev.weir.promql.engine;

import dev.weir.promql.ast.BinaryExpr;
import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.VectorMatching;
import dev.weir.promql.ast.VectorMatching.Cardinality;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesMerger;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.value.PromQlException;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Arithmetic and comparison between two vectors. "One" is the side of which each match group may have only one series at
 * a step; the other is "many", also where both may have only one.
 */
final class VectorJoin {
    private final BinaryExpr expr;
    private final VectorMatching matching;
    private final QueryContext context;
    private final Signature signature;
    private final Set<String> matchingLabels;
    private final ElementOperation operation;
    private final int steps;
    private final boolean manyIsRight;
    private final BitSet anyMany = new BitSet();
    private final SeriesMerger results;

    VectorJoin(BinaryExpr expr, VectorMatching matching, QueryContext context, int steps) {
        this.expr = expr;
        this.matching = matching;
        this.context = context;
        this.steps = steps;
        this.signature = new Signature(matching);
        this.matchingLabels = new HashSet<>(matching.labels());
        this.operation = new ElementOperation(expr.operator(), expr.span(), context);
        this.manyIsRight = matching.cardinality() == Cardinality.ONE_TO_MANY;
        this.results = new SeriesMerger(context);
    }

    SeriesStream join(SeriesStream left, SeriesStream right) {
        List<StepSeries> many = (manyIsRight ? right : left).collect(context);
        Map<Labels, List<StepSeries>> one = groups((manyIsRight ? left : right).collect(context));
        for (StepSeries series : many) {
            for (int i = 0; i < steps; i++) {
                if (series.column().has(i)) {
                    anyMany.set(i);
                }
            }
        }
        one.forEach(this::requireOne);
        Map<Labels, BitSet> matched = new HashMap<>();
        for (StepSeries series : many) {
            Labels group = signature.of(series.labels());
            BitSet matchedSteps = matched.computeIfAbsent(group, key -> newGroup(key));
            for (StepSeries partner : one.getOrDefault(group, List.of())) {
                join(series, partner, matchedSteps);
            }
        }
        many.forEach(context::release);
        one.values().forEach(group -> group.forEach(context::release));
        return results.stream();
    }

    private void join(StepSeries many, StepSeries one, BitSet matchedSteps) {
        Column result = context.newColumn(steps);
        boolean any = false;
        context.work(steps);
        for (int i = 0; i < steps; i++) {
            boolean meet = many.column().has(i) && one.column().has(i);
            if (!meet || !apply(many.column(), one.column(), i, result)) {
                continue;
            }
            any = true;
            if (matching.cardinality() == Cardinality.ONE_TO_ONE) {
                if (matchedSteps.get(i)) {
                    throw PromQlException.execution("multiple matches for labels: many-to-one matching must be"
                            + " explicit (group_left/group_right)");
                }
                matchedSteps.set(i);
            }
        }
        if (any) {
            Labels labels = resultLabels(many.labels(), one.labels());
            // As in Prometheus, a filter forgets that a name was to be dropped.
            boolean dropsName = expr.returnBool();
            if (dropsName && !context.delaysNameRemoval()) {
                labels = QueryContext.withoutIdentity(labels);
                dropsName = false;
            }
            String problem = matching.cardinality() == Cardinality.ONE_TO_ONE
                    ? SeriesMerger.DUPLICATE
                    : "multiple matches for labels: grouping labels must ensure unique matches";
            results.add(new StepSeries(labels, dropsName, result), problem);
        } else {
            context.recycle(result);
        }
    }

    private boolean apply(Column many, Column one, int step, Column result) {
        Column left = manyIsRight ? one : many;
        Column right = manyIsRight ? many : one;
        FloatHistogram leftHistogram = left.histogram(step);
        FloatHistogram rightHistogram = right.histogram(step);
        boolean areFloats = leftHistogram == null && rightHistogram == null;
        boolean keeps = areFloats
                ? operation.apply(left.value(step), right.value(step))
                : operation.apply(left.value(step), leftHistogram, right.value(step), rightHistogram);
        if (!operation.isDefined()) {
            return false;
        }
        if (expr.returnBool()) {
            result.set(step, keeps ? 1 : 0);
            return true;
        }
        if (keeps) {
            BinaryEvaluator.set(result, step, operation.value(), operation.histogram());
        }
        return keeps;
    }

    private Labels resultLabels(Labels many, Labels one) {
        Labels labels = expr.operator().isArithmetic() ? QueryContext.withoutIdentity(many) : many;
        if (matching.cardinality() == Cardinality.ONE_TO_ONE) {
            labels = matching.on() ? labels.only(matchingLabels) : labels.without(matchingLabels);
        }
        if (matching.include().isEmpty()) {
            return labels;
        }
        Labels.Builder builder = labels.toBuilder();
        for (String name : matching.include()) {
            builder.set(name, one.getOrEmpty(name));
        }
        return builder.build();
    }

    private BitSet newGroup(Labels group) {
        context.hold(SetOperation.sizeInSamples(group, steps));
        return new BitSet(steps);
    }

    private Map<Labels, List<StepSeries>> groups(List<StepSeries> all) {
        Map<Labels, List<StepSeries>> groups = new LinkedHashMap<>();
        for (StepSeries series : all) {
            context.hold(StepSeries.sizeInSamples(series.labels()));
            groups.computeIfAbsent(signature.of(series.labels()), key -> new ArrayList<>(1))
                    .add(series);
        }
        return groups;
    }

    private void requireOne(Labels group, List<StepSeries> candidates) {
        if (candidates.size() == 1) {
            return;
        }
        for (int i = 0; i < steps; i++) {
            StepSeries first = null;
            for (StepSeries candidate : candidates) {
                if (!anyMany.get(i) || !candidate.column().has(i)) {
                    continue;
                }
                if (first != null) {
                    throw PromQlException.execution("found duplicate series for the match group "
                            + GoText.labels(group) + " on the " + (manyIsRight ? "left" : "right")
                            + " hand-side of the operation: [" + GoText.labels(candidate.labels()) + ", "
                            + GoText.labels(first.labels())
                            + "];many-to-many matching not allowed: matching labels must be unique on one side");
                }
                first = candidate;
            }
        }
    }
}

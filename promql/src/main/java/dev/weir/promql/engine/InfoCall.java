package dev.weir.promql.engine;

import com.google.re2j.Pattern;
import dev.weir.promql.ast.Call;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.VectorSelector;
import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesMerger;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import dev.weir.promql.value.PromQlException;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** info: adds to series the labels of info metrics, by default target_info, of the same instance and job. */
final class InfoCall {
    private static final String DEFAULT_INFO_METRIC = "target_info";
    private static final List<String> IDENTIFYING_LABELS = List.of("instance", "job");

    private final Evaluator evaluator;
    private final SelectorEvaluator selectors;
    private final QueryContext context;

    InfoCall(Evaluator evaluator, SelectorEvaluator selectors, QueryContext context) {
        this.evaluator = evaluator;
        this.selectors = selectors;
        this.context = context;
    }

    SeriesStream evaluate(Call call, Steps steps) {
        Expr base = call.arguments().get(0);
        List<LabelMatcher> wanted = call.arguments().size() > 1
                ? ((VectorSelector) call.arguments().get(1).unwrapped()).matchers()
                : List.of();
        List<StepSeries> series = evaluator.vector(base, steps).collect(context);
        List<LabelMatcher> names = nameMatchers(wanted);
        List<StepSeries> plain = new ArrayList<>();
        SeriesMerger results = new SeriesMerger(context);
        for (StepSeries one : series) {
            boolean isInfo = names.stream()
                    .anyMatch(matcher -> matcher.matches(one.labels().metricName()));
            if (isInfo) {
                results.add(one);
            } else {
                plain.add(one);
            }
        }
        Map<Labels, List<InfoSeries>> infos = infoSeries(plain, wanted, names, base, steps);
        for (StepSeries one : plain) {
            enrich(one, infos.getOrDefault(one.labels().only(IDENTIFYING_LABELS), List.of()), wanted, results);
        }
        plain.forEach(context::release);
        return results.stream();
    }

    private static List<LabelMatcher> nameMatchers(List<LabelMatcher> wanted) {
        List<LabelMatcher> names = wanted.stream()
                .filter(matcher -> matcher.name().equals(Labels.METRIC_NAME))
                .toList();
        return names.isEmpty()
                ? List.of(new LabelMatcher(LabelMatcher.Type.EQUAL, Labels.METRIC_NAME, DEFAULT_INFO_METRIC))
                : names;
    }

    private Map<Labels, List<InfoSeries>> infoSeries(
            List<StepSeries> plain, List<LabelMatcher> wanted, List<LabelMatcher> names, Expr base, Steps steps) {
        List<LabelMatcher> matchers = new ArrayList<>(names);
        for (LabelMatcher matcher : wanted) {
            if (!matcher.name().equals(Labels.METRIC_NAME)) {
                matchers.add(matcher);
            }
        }
        boolean hasIdentity = false;
        for (String label : IDENTIFYING_LABELS) {
            Set<String> values = new TreeSet<>();
            plain.forEach(series -> values.add(series.labels().getOrEmpty(label)));
            values.remove("");
            if (!values.isEmpty()) {
                hasIdentity = true;
                matchers.add(new LabelMatcher(
                        LabelMatcher.Type.REGEX,
                        label,
                        String.join("|", values.stream().map(Pattern::quote).toList())));
            }
        }
        Map<Labels, List<InfoSeries>> found = new HashMap<>();
        if (!hasIdentity) {
            return found;
        }
        VectorSelector first = base.accept(new FirstSelector()).orElse(null);
        Long fixedMs = first == null ? null : evaluator.fixedTimeMs(first.time());
        long offsetMs = first == null ? 0 : first.time().offset().millis();
        Steps looked = fixedMs == null ? steps : Steps.at(fixedMs);
        SeriesStream stream = selectors.instant(matchers, looked, offsetMs, true);
        for (StepSeries info = stream.next(); info != null; info = stream.next()) {
            context.hold(steps.count() + info.sizeInSamples());
            Column times = fixedMs == null ? info.column() : info.column().broadcast(steps.count());
            found.computeIfAbsent(info.labels().only(IDENTIFYING_LABELS), key -> new ArrayList<>())
                    .add(new InfoSeries(info.labels(), times));
        }
        return found;
    }

    /** Splits the series by the info series that are the newest at each step. */
    private void enrich(StepSeries series, List<InfoSeries> infos, List<LabelMatcher> wanted, SeriesMerger results) {
        Map<Labels, Column> parts = new HashMap<>();
        Column column = series.column();
        boolean requiresInfo = wanted.stream()
                .anyMatch(matcher -> !matcher.name().equals(Labels.METRIC_NAME) && !matcher.matchesEmpty());
        for (int i = 0; i < column.size(); i++) {
            if (!column.has(i)) {
                continue;
            }
            Labels added = addedLabels(series.labels(), newest(infos, i), wanted);
            if (added.isEmpty() && requiresInfo) {
                continue;
            }
            parts.computeIfAbsent(added, key -> context.newColumn(column.size()))
                    .copy(i, column, i);
        }
        parts.forEach((added, part) -> results.add(
                new StepSeries(series.labels().toBuilder().setAll(added).build(), series.dropsName(), part)));
    }

    /** The newest series of each info metric. */
    private static List<InfoSeries> newest(List<InfoSeries> infos, int step) {
        Map<String, InfoSeries> byName = new HashMap<>();
        for (InfoSeries info : infos) {
            if (!info.times.has(step)) {
                continue;
            }
            String name = info.labels.metricName();
            InfoSeries known = byName.get(name);
            if (known != null && known.times.value(step) == info.times.value(step)) {
                throw PromQlException.execution("found duplicate series for info metric " + name);
            }
            if (known == null || known.times.value(step) < info.times.value(step)) {
                byName.put(name, info);
            }
        }
        return new ArrayList<>(byName.values());
    }

    private static Labels addedLabels(Labels base, List<InfoSeries> infos, List<LabelMatcher> wanted) {
        Set<String> wantedNames = new HashSet<>();
        for (LabelMatcher matcher : wanted) {
            if (!matcher.name().equals(Labels.METRIC_NAME)) {
                wantedNames.add(matcher.name());
            }
        }
        Labels.Builder builder = Labels.builder();
        for (InfoSeries info : infos) {
            info.labels.forEach((name, value) -> {
                boolean isWanted =
                        !name.equals(Labels.METRIC_NAME) && (wantedNames.isEmpty() || wantedNames.contains(name));
                if (!isWanted) {
                    return;
                }
                String known = builder.get(name);
                if (known != null && !known.equals(value)) {
                    throw PromQlException.execution("conflicting label: " + name);
                }
                if (base.get(name) == null) {
                    builder.set(name, value);
                }
            });
        }
        return builder.build();
    }

    private record InfoSeries(Labels labels, Column times) {}
}

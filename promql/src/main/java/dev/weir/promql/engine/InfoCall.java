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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** info: adds to series the labels of info metrics, by default target_info, of the same instance and job. */
final class InfoCall {
    private static final List<LabelMatcher> DEFAULT_NAMES =
            List.of(new LabelMatcher(LabelMatcher.Type.EQUAL, Labels.METRIC_NAME, "target_info"));
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
        List<LabelMatcher> names = wanted.stream().filter(InfoCall::isOfName).toList();
        // As in Prometheus, the default metric's own series are left alone only if nothing is wanted of it.
        List<LabelMatcher> leftAlone = call.arguments().size() > 1 ? names : DEFAULT_NAMES;
        List<StepSeries> plain = new ArrayList<>();
        SeriesMerger results = new SeriesMerger(context);
        List<StepSeries> all = evaluator.vector(base, steps).collect(context);
        for (StepSeries one : all) {
            boolean isInfo = leftAlone.stream()
                    .anyMatch(matcher -> matcher.matches(one.labels().metricName()));
            if (isInfo) {
                results.add(new StepSeries(one.labels(), false, one.column()));
            } else {
                plain.add(one);
            }
        }
        List<LabelMatcher> identities = identityMatchers(plain);
        Map<Labels, List<InfoSeries>> infos = Map.of();
        List<LabelMatcher> required = wanted;
        if (!identities.isEmpty()) {
            List<LabelMatcher> matchers = new ArrayList<>(names.isEmpty() ? DEFAULT_NAMES : names);
            required = wanted.stream().filter(matcher -> !isOfName(matcher)).toList();
            matchers.addAll(required);
            matchers.addAll(identities);
            infos = infoSeries(matchers, base, steps);
            rejectDuplicates(infos, all, steps);
        }
        boolean requiresInfo = required.stream().anyMatch(matcher -> !matcher.matchesEmpty());
        for (StepSeries one : plain) {
            List<InfoSeries> found = infos.getOrDefault(one.labels().only(IDENTIFYING_LABELS), List.of());
            enrich(one, found, required, requiresInfo, results);
        }
        plain.forEach(context::release);
        return results.stream();
    }

    private static boolean isOfName(LabelMatcher matcher) {
        return matcher.name().equals(Labels.METRIC_NAME);
    }

    /** Matchers of all values that the series have in the labels that identify a target; none if they have none. */
    private static List<LabelMatcher> identityMatchers(List<StepSeries> plain) {
        List<LabelMatcher> matchers = new ArrayList<>();
        for (String label : IDENTIFYING_LABELS) {
            Set<String> values = new TreeSet<>();
            plain.forEach(series -> values.add(series.labels().getOrEmpty(label)));
            values.remove("");
            if (!values.isEmpty()) {
                matchers.add(new LabelMatcher(
                        LabelMatcher.Type.REGEX,
                        label,
                        String.join("|", values.stream().map(Pattern::quote).toList())));
            }
        }
        return matchers;
    }

    private Map<Labels, List<InfoSeries>> infoSeries(List<LabelMatcher> matchers, Expr base, Steps steps) {
        VectorSelector first = base.accept(new FirstSelector()).orElse(null);
        Long fixedMs = first == null ? null : evaluator.fixedTimeMs(first.time());
        long offsetMs = first == null ? 0 : first.time().offset().millis();
        Steps read = fixedMs == null ? steps : Steps.at(fixedMs);
        // As in Prometheus, @ and offset say what is read, but not where it is looked for.
        SeriesStream stream = selectors.instant(selectors.reading(matchers, read, offsetMs), steps, 0, true);
        Map<Labels, List<InfoSeries>> found = new HashMap<>();
        for (StepSeries info = stream.next(); info != null; info = stream.next()) {
            context.hold(steps.count() + info.sizeInSamples());
            found.computeIfAbsent(info.labels().only(IDENTIFYING_LABELS), key -> new ArrayList<>())
                    .add(new InfoSeries(info.labels(), info.column()));
        }
        return found;
    }

    /** Rejects two info series of one target at a step with any series, be they of that target or not. */
    private static void rejectDuplicates(Map<Labels, List<InfoSeries>> infos, List<StepSeries> series, Steps steps) {
        for (int i = 0; i < steps.count(); i++) {
            int step = i;
            if (series.stream().anyMatch(one -> one.column().has(step))) {
                infos.values().forEach(ofTarget -> newest(ofTarget, step));
            }
        }
    }

    /** Splits the series by the info series that are the newest at each step. */
    private void enrich(
            StepSeries series,
            List<InfoSeries> infos,
            List<LabelMatcher> wanted,
            boolean requiresInfo,
            SeriesMerger results) {
        Map<Labels, Column> parts = new HashMap<>();
        Column column = series.column();
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
                new StepSeries(series.labels().toBuilder().setAll(added).build(), false, part)));
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
        Set<String> wantedNames = wanted.stream().map(LabelMatcher::name).collect(Collectors.toSet());
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

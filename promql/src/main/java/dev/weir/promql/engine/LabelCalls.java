package dev.weir.promql.engine;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weir.promql.ast.Call;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import dev.weir.promql.value.PromQlException;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;

/** label_replace and label_join. */
final class LabelCalls {
    private final Evaluator evaluator;
    private final QueryContext context;

    LabelCalls(Evaluator evaluator, QueryContext context) {
        this.evaluator = evaluator;
        this.context = context;
    }

    SeriesStream replace(Call call, Steps steps) {
        String target = string(call, 1);
        ReplacementTemplate template = new ReplacementTemplate(string(call, 2));
        String source = string(call, 3);
        Pattern pattern = pattern(string(call, 4));
        requireLabelName("destination", "label_replace", target);
        SeriesStream stream = evaluator.vector(call.arguments().get(0), steps);
        return NameDropping.unique(() -> {
            StepSeries series = stream.next();
            if (series == null) {
                return null;
            }
            context.work(series.column().size());
            Matcher matcher = pattern.matcher(series.labels().getOrEmpty(source));
            return matcher.matches() ? withLabel(series, target, template.expand(matcher)) : series;
        });
    }

    SeriesStream join(Call call, Steps steps) {
        String target = string(call, 1);
        String separator = string(call, 2);
        List<String> sources = new ArrayList<>();
        for (int i = 3; i < call.arguments().size(); i++) {
            String source = string(call, i);
            requireLabelName("source", "label_join", source);
            sources.add(source);
        }
        requireLabelName("destination", "label_join", target);
        SeriesStream stream = evaluator.vector(call.arguments().get(0), steps);
        return NameDropping.unique(() -> {
            StepSeries series = stream.next();
            if (series == null) {
                return null;
            }
            List<String> values = new ArrayList<>(sources.size());
            for (String source : sources) {
                values.add(series.labels().getOrEmpty(source));
            }
            return withLabel(series, target, String.join(separator, values));
        });
    }

    private static StepSeries withLabel(StepSeries series, String name, String value) {
        Labels labels = series.labels().toBuilder().set(name, value).build();
        // A name that was set on purpose stays.
        boolean dropsName = series.dropsName() && !name.equals(Labels.METRIC_NAME);
        return new StepSeries(labels, dropsName, series.column());
    }

    private String string(Call call, int index) {
        return evaluator.string(call.arguments().get(index));
    }

    private static Pattern pattern(String regex) {
        try {
            return LabelMatcher.anchored(regex);
        } catch (PatternSyntaxException e) {
            throw PromQlException.execution("invalid regular expression in label_replace(): " + regex);
        }
    }

    private static void requireLabelName(String role, String function, String name) {
        boolean isValid = !name.isEmpty()
                && name.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        if (!isValid) {
            throw PromQlException.execution("invalid " + role + " label name in " + function + "(): " + name);
        }
    }
}

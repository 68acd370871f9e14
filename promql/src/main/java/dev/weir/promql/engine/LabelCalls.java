package dev.weir.promql.engine;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weir.promql.ast.Call;
import dev.weir.promql.ast.GoText;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.column.SeriesStream;
import dev.weir.promql.column.StepSeries;
import dev.weir.promql.column.Steps;
import dev.weir.promql.value.PromQlException;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** label_replace and label_join. */
final class LabelCalls {
    /** Nested calls could double a value each. */
    private static final int MAX_VALUE_LENGTH = 64 * 1024;

    private static final int CHARACTERS_OF_A_SAMPLE = 16;
    private static final int WORK_FOR_A_CHARACTER = 100;

    private final Evaluator evaluator;
    private final QueryContext context;

    LabelCalls(Evaluator evaluator, QueryContext context) {
        this.evaluator = evaluator;
        this.context = context;
    }

    SeriesStream replace(Call call, Steps steps) {
        String target = string(call, 1);
        String source = string(call, 3);
        Pattern pattern = pattern(string(call, 4));
        ReplacementTemplate template = new ReplacementTemplate(string(call, 2), pattern);
        requireLabelName("destination", "label_replace", target);
        SeriesStream stream = evaluator.vector(call.arguments().get(0), steps);
        return NameDropping.unique(
                () -> {
                    StepSeries series = stream.next();
                    if (series == null) {
                        return null;
                    }
                    String value = series.labels().getOrEmpty(source);
                    context.work(series.column().size() + (long) WORK_FOR_A_CHARACTER * value.length());
                    Matcher matcher = pattern.matcher(value);
                    return matcher.matches()
                            ? withLabel(series, target, template.expand(matcher, MAX_VALUE_LENGTH), "label_replace")
                            : series;
                },
                context);
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
        return NameDropping.unique(
                () -> {
                    StepSeries series = stream.next();
                    if (series == null) {
                        return null;
                    }
                    context.work(sources.size());
                    return withLabel(series, target, join(series.labels(), sources, separator), "label_join");
                },
                context);
    }

    /** Null if that is too long. */
    private static @Nullable String join(Labels labels, List<String> names, String separator) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < names.size() && text.length() <= MAX_VALUE_LENGTH; i++) {
            text.append(i == 0 ? "" : separator).append(labels.getOrEmpty(names.get(i)));
        }
        return text.length() > MAX_VALUE_LENGTH ? null : text.toString();
    }

    private StepSeries withLabel(StepSeries series, String name, @Nullable String value, String function) {
        if (value == null) {
            throw PromQlException.execution(function + "(): value of label " + GoText.quote(name) + ": more than "
                    + MAX_VALUE_LENGTH + " characters (expected: at most " + MAX_VALUE_LENGTH + ")");
        }
        context.hold(value.length() / CHARACTERS_OF_A_SAMPLE);
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

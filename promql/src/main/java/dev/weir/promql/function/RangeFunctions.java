package dev.weir.promql.function;

import java.util.Map;
import java.util.function.Function;

/** The functions of range vectors by name; {@code absent_over_time} is none, since it looks at all series at once. */
public final class RangeFunctions {
    private static final Map<String, Function<RangeArguments, RangeFunction>> BY_NAME = Map.ofEntries(
            Map.entry("rate", arguments -> new ExtrapolatedRate(arguments, true, true)),
            Map.entry("increase", arguments -> new ExtrapolatedRate(arguments, true, false)),
            Map.entry("delta", arguments -> new ExtrapolatedRate(arguments, false, false)),
            Map.entry("irate", arguments -> new InstantRate(arguments, true)),
            Map.entry("idelta", arguments -> new InstantRate(arguments, false)),
            Map.entry("sum_over_time", OverTime::sum),
            Map.entry("avg_over_time", OverTime::average),
            Map.entry("count_over_time", arguments -> OverTime.count()),
            Map.entry("present_over_time", arguments -> OverTime.present()),
            Map.entry("last_over_time", arguments -> new LastOverTime(false)),
            Map.entry("ts_of_last_over_time", arguments -> new LastOverTime(true)),
            Map.entry("min_over_time", arguments -> new ExtremumOverTime(arguments, false, false)),
            Map.entry("max_over_time", arguments -> new ExtremumOverTime(arguments, true, false)),
            Map.entry("ts_of_min_over_time", arguments -> new ExtremumOverTime(arguments, false, true)),
            Map.entry("ts_of_max_over_time", arguments -> new ExtremumOverTime(arguments, true, true)),
            Map.entry("stddev_over_time", arguments -> OverTime.variance(arguments, true)),
            Map.entry("stdvar_over_time", arguments -> OverTime.variance(arguments, false)),
            Map.entry("quantile_over_time", OverTime::quantile),
            Map.entry("mad_over_time", OverTime::medianAbsoluteDeviation),
            Map.entry("deriv", Trend::derivative),
            Map.entry("predict_linear", Trend::prediction),
            Map.entry("double_exponential_smoothing", Trend::smoothing),
            Map.entry("changes", arguments -> new Transitions(false)),
            Map.entry("resets", arguments -> new Transitions(true)));

    private RangeFunctions() {}

    public static boolean contains(String name) {
        return BY_NAME.containsKey(name);
    }

    /** A new instance, for one evaluation. */
    public static RangeFunction create(String name, RangeArguments arguments) {
        Function<RangeArguments, RangeFunction> factory = BY_NAME.get(name);
        if (factory == null) {
            throw new IllegalArgumentException(name + " is no function of a range vector");
        }
        return factory.apply(arguments);
    }
}

package dev.weir.promql.ast;

import static dev.weir.promql.ast.ValueType.MATRIX;
import static dev.weir.promql.ast.ValueType.SCALAR;
import static dev.weir.promql.ast.ValueType.STRING;
import static dev.weir.promql.ast.ValueType.VECTOR;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The signatures of all functions of Prometheus 3.5. */
public final class Functions {
    private static final Map<String, FunctionSignature> BY_NAME = new TreeMap<>();

    static {
        for (String name : List.of(
                "abs",
                "absent",
                "acos",
                "acosh",
                "asin",
                "asinh",
                "atan",
                "atanh",
                "ceil",
                "cos",
                "cosh",
                "deg",
                "exp",
                "floor",
                "histogram_avg",
                "histogram_count",
                "histogram_stddev",
                "histogram_stdvar",
                "histogram_sum",
                "ln",
                "log10",
                "log2",
                "rad",
                "sgn",
                "sin",
                "sinh",
                "sort",
                "sort_desc",
                "sqrt",
                "tan",
                "tanh",
                "timestamp")) {
            add(name, VECTOR, VECTOR);
        }
        for (String name : List.of(
                "absent_over_time",
                "avg_over_time",
                "changes",
                "count_over_time",
                "delta",
                "deriv",
                "idelta",
                "increase",
                "irate",
                "last_over_time",
                "max_over_time",
                "min_over_time",
                "present_over_time",
                "rate",
                "resets",
                "stddev_over_time",
                "stdvar_over_time",
                "sum_over_time")) {
            add(name, VECTOR, MATRIX);
        }
        for (String name : List.of(
                "days_in_month", "day_of_month", "day_of_week", "day_of_year", "hour", "minute", "month", "year")) {
            add(name, VECTOR, 1, false, VECTOR);
        }
        add("clamp", VECTOR, VECTOR, SCALAR, SCALAR);
        add("clamp_max", VECTOR, VECTOR, SCALAR);
        add("clamp_min", VECTOR, VECTOR, SCALAR);
        add("histogram_fraction", VECTOR, SCALAR, SCALAR, VECTOR);
        add("histogram_quantile", VECTOR, SCALAR, VECTOR);
        add("label_join", VECTOR, -1, false, VECTOR, STRING, STRING, STRING);
        add("label_replace", VECTOR, VECTOR, STRING, STRING, STRING, STRING);
        add("pi", SCALAR);
        add("predict_linear", VECTOR, MATRIX, SCALAR);
        add("quantile_over_time", VECTOR, SCALAR, MATRIX);
        add("round", VECTOR, 1, false, VECTOR, SCALAR);
        add("scalar", SCALAR, VECTOR);
        add("time", SCALAR);
        add("vector", VECTOR, SCALAR);
        add("double_exponential_smoothing", VECTOR, 0, true, MATRIX, SCALAR, SCALAR);
        add("info", VECTOR, 1, true, VECTOR, VECTOR);
        add("mad_over_time", VECTOR, 0, true, MATRIX);
        add("sort_by_label", VECTOR, -1, true, VECTOR, STRING);
        add("sort_by_label_desc", VECTOR, -1, true, VECTOR, STRING);
        add("ts_of_last_over_time", VECTOR, 0, true, MATRIX);
        add("ts_of_max_over_time", VECTOR, 0, true, MATRIX);
        add("ts_of_min_over_time", VECTOR, 0, true, MATRIX);
    }

    private Functions() {}

    /** The function of that name, null if there is none. */
    public static @Nullable FunctionSignature byName(String name) {
        return BY_NAME.get(name);
    }

    /** All functions, by name. */
    public static Collection<FunctionSignature> all() {
        return List.copyOf(BY_NAME.values());
    }

    private static void add(String name, ValueType returnType, ValueType... argumentTypes) {
        add(name, returnType, 0, false, argumentTypes);
    }

    private static void add(
            String name, ValueType returnType, int variadic, boolean isExperimental, ValueType... argumentTypes) {
        BY_NAME.put(name, new FunctionSignature(name, returnType, List.of(argumentTypes), variadic, isExperimental));
    }
}

package dev.weir.promql.parser;

import java.util.List;
import java.util.Random;

/** Random expressions that parse. */
public final class RandomQueries {
    private static final List<String> SELECTORS = List.of(
            "foo",
            "foo_total{a=\"1\"}",
            "{__name__=~\"foo|bar\",a!=\"\"}",
            "bar{b=~\"x.*\"} offset 1m",
            "foo @ 100",
            "bar @ end() offset -30s",
            "{\"odd.label\"=\"v\", \"odd name\"}");
    private static final List<String> RANGES =
            List.of("[5m]", "[90s]", "[300]", "[5m] offset 1m", "[2m] @ 60", "[1m+30s]", "[10m] @ start()");
    private static final List<String> BINARY =
            List.of("+", "-", "*", "/", "%", "^", "atan2", "==", "!=", ">", "<", ">=", "<=", "> bool", "== bool");
    private static final List<String> SETS = List.of("and", "or", "unless");
    private static final List<String> MATCHINGS =
            List.of("", "on(a)", "ignoring(b)", "on(a, b) group_left(c)", "ignoring(c) group_right()", "on()");
    private static final List<String> RANGE_FUNCTIONS = List.of(
            "rate",
            "increase",
            "delta",
            "irate",
            "sum_over_time",
            "avg_over_time",
            "max_over_time",
            "last_over_time",
            "changes",
            "resets",
            "deriv",
            "stddev_over_time",
            "absent_over_time");
    private static final List<String> FUNCTIONS =
            List.of("abs", "ceil", "sgn", "ln", "sort", "absent", "timestamp", "histogram_count", "hour");
    private static final List<String> AGGREGATIONS =
            List.of("sum", "avg", "count", "min", "max", "stddev", "group", "topk(2, ", "quantile(0.5, ");
    private static final List<String> GROUPINGS = List.of("", " by (a)", " without (a, b)", " by ()");

    private RandomQueries() {}

    /** An expression of vector type, at most {@code depth} deep. */
    public static String vector(Random random, int depth) {
        if (depth <= 0) {
            return pick(random, SELECTORS);
        }
        return switch (random.nextInt(9)) {
            case 0 -> pick(random, RANGE_FUNCTIONS) + "(foo{a=~\"1|2\"}" + pick(random, RANGES) + ")";
            case 1 -> pick(random, RANGE_FUNCTIONS) + "(" + operand(random, depth) + "[10m:1m])";
            case 2 -> pick(random, FUNCTIONS) + "(" + vector(random, depth - 1) + ")";
            case 3 -> operand(random, depth) + " " + pick(random, BINARY) + " " + scalar(random, depth - 1);
            case 4 ->
                operand(random, depth) + " " + pick(random, BINARY) + " " + pick(random, MATCHINGS) + " "
                        + operand(random, depth);
            case 5 -> operand(random, depth) + " " + pick(random, SETS) + " on(a) " + operand(random, depth);
            case 6 -> "-" + operand(random, depth);
            case 7 -> "histogram_quantile(" + scalar(random, 0) + ", " + vector(random, depth - 1) + ")";
            default -> aggregation(random, depth);
        };
    }

    private static String aggregation(Random random, int depth) {
        String operator = pick(random, AGGREGATIONS);
        String grouping = pick(random, GROUPINGS);
        String name = operator.replaceAll("\\(.*", "");
        String parameter = operator.contains("(") ? operator.substring(operator.indexOf('(') + 1) : "";
        return name + grouping + " (" + parameter + vector(random, depth - 1) + ")";
    }

    private static String operand(Random random, int depth) {
        return "(" + vector(random, depth - 1) + ")";
    }

    private static String scalar(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> "1.5";
            case 1 -> "-2";
            case 2 -> "1m";
            case 3 -> "Inf";
            case 4 -> "scalar(" + vector(random, depth - 1) + ")";
            default -> "(time() - 1e3)";
        };
    }

    private static String pick(Random random, List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}

package dev.weir.promql.generator;

import dev.weir.promql.ast.FunctionSignature;
import dev.weir.promql.ast.Functions;
import dev.weir.promql.ast.ValueType;
import java.util.ArrayList;
import java.util.List;

/** Calls of every function there is, with arguments that suit it. */
final class Calls {
    private static final List<FunctionSignature> OF_VECTORS = Functions.all().stream()
            .filter(function -> function.returnType() == ValueType.VECTOR)
            .toList();
    private static final List<String> KEEP_HISTOGRAMS = List.of(
            "rate",
            "increase",
            "delta",
            "irate",
            "idelta",
            "sum_over_time",
            "avg_over_time",
            "last_over_time",
            "rate",
            "increase");
    private static final List<String> ON_COUNTERS = List.of("rate", "increase", "irate", "resets", "changes");

    private final Dice dice;
    private final Grammar grammar;
    private final Selectors selectors;

    Calls(Dice dice, Grammar grammar, Selectors selectors) {
        this.dice = dice;
        this.grammar = grammar;
        this.selectors = selectors;
    }

    String vector(Flavor flavor, int depth) {
        if (flavor == Flavor.GAUGE || flavor == Flavor.COUNTER) {
            return call(dice.pick(OF_VECTORS), depth);
        }
        return dice.chance(15)
                ? relabel(flavor, depth)
                : dice.pick(KEEP_HISTOGRAMS) + "(" + grammar.matrix(flavor, depth) + ")";
    }

    private String call(FunctionSignature function, int depth) {
        String name = function.name();
        if (function.argumentTypes().contains(ValueType.STRING)) {
            return name.startsWith("label_")
                    ? relabel(grammar.anyFlavor(), depth)
                    : name + "(" + grammar.vector(depth) + sortLabels() + ")";
        }
        if (name.equals("info")) {
            return "info(" + grammar.vector(depth) + dice.maybe(60, this::infoSelector) + ")";
        }
        List<String> arguments = new ArrayList<>();
        int last = function.argumentTypes().size() - (function.variadic() != 0 && dice.chance(40) ? 1 : 0);
        for (int i = 0; i < last; i++) {
            arguments.add(argument(function, i, depth));
        }
        return name + "(" + String.join(", ", arguments) + ")";
    }

    private String argument(FunctionSignature function, int position, int depth) {
        return switch (function.argumentTypes().get(position)) {
            case SCALAR -> scalar(function.name(), depth);
            case MATRIX -> grammar.matrix(flavor(function.name()), depth);
            case VECTOR -> grammar.vector(flavor(function.name()), depth);
            case STRING -> "\"\"";
        };
    }

    private Flavor flavor(String function) {
        if (function.equals("histogram_quantile") || function.equals("histogram_fraction")) {
            return dice.chance(50) ? Flavor.CLASSIC_HISTOGRAM : Flavor.NATIVE_HISTOGRAM;
        }
        if (function.startsWith("histogram_")) {
            return Flavor.NATIVE_HISTOGRAM;
        }
        if (ON_COUNTERS.contains(function) && dice.chance(60)) {
            return dice.chance(70) ? Flavor.COUNTER : Flavor.NATIVE_HISTOGRAM;
        }
        return grammar.anyFlavor();
    }

    private String scalar(String function, int depth) {
        if (dice.chance(15)) {
            return grammar.scalar(depth);
        }
        return switch (function) {
            case "histogram_quantile", "quantile_over_time", "double_exponential_smoothing" -> grammar.ratio();
            case "histogram_fraction" -> dice.pick("-Inf", "-1", "0", "0.1", "0.5", "1", "2.5", "10", "+Inf", "NaN");
            case "predict_linear" -> dice.pick("600", "1h", "-300", "0", "time() % 100");
            case "round" -> dice.pick("0.1", "5", "0.25", "-2", "0", "1e-3", "100");
            default -> grammar.number();
        };
    }

    private String relabel(Flavor flavor, int depth) {
        String inner = grammar.vector(flavor, depth);
        String target = dice.chance(60) ? dice.pick("new", "tag", "my label") : selectors.labelName();
        if (dice.chance(40)) {
            return "label_join(" + inner + ", \"" + target + "\", \"" + dice.pick("-", "", ", ") + "\""
                    + dice.maybe(90, () -> ", \"" + selectors.labelName() + "\"")
                    + dice.maybe(70, () -> ", \"" + selectors.labelName() + "\"") + ")";
        }
        String replacement = dice.pick("$1", "x-$1-y", "fixed", "", "$2$1", "${1}s", "$name", "$$1", "é");
        String source = dice.chance(15) ? "__name__" : selectors.labelName();
        String regex = dice.pick("(.*)", "(.+)", "([a-z]+)(.*)", ".*", "a(.*)", "(?P<name>.).*", "nothing", "");
        return "label_replace(" + inner + ", \"" + (dice.chance(5) ? "__name__" : target) + "\", \"" + replacement
                + "\", \"" + source + "\", \"" + regex + "\")";
    }

    private String sortLabels() {
        return dice.maybe(85, () -> ", \"" + selectors.labelName() + "\"")
                + dice.maybe(40, () -> ", \"" + selectors.labelName() + "\"");
    }

    private String infoSelector() {
        return ", "
                + dice.pick(
                        "{version=~\".+\"}",
                        "{region=\"eu\"}",
                        "{region!=\"eu\"}",
                        "{version=~\".*\"}",
                        "{__name__=\"build_info\"}",
                        "{__name__=~\".+_info\"}",
                        "{__name__=\"target_info\", region=~\"e.*\"}",
                        "{absent=\"x\"}",
                        "{absent=~\".*\"}");
    }
}

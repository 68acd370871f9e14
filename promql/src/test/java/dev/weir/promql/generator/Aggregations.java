package dev.weir.promql.generator;

import dev.weir.promql.ast.AggregateOperator;
import java.util.List;

/** Every aggregation with every kind of grouping. */
final class Aggregations {
    private static final List<AggregateOperator> ALL = List.of(AggregateOperator.values());
    private static final List<AggregateOperator> KEEP_HISTOGRAMS = List.of(
            AggregateOperator.SUM,
            AggregateOperator.SUM,
            AggregateOperator.AVG,
            AggregateOperator.LIMITK,
            AggregateOperator.LIMIT_RATIO);

    private final Dice dice;
    private final Grammar grammar;
    private final Selectors selectors;

    Aggregations(Dice dice, Grammar grammar, Selectors selectors) {
        this.dice = dice;
        this.grammar = grammar;
        this.selectors = selectors;
    }

    String vector(Flavor flavor, int depth) {
        return switch (flavor) {
            case CLASSIC_HISTOGRAM ->
                dice.pick("sum", "sum", "avg", "max") + dice.pick(" by (le) ", " by (le, job) ", " without (instance) ")
                        + "(" + grammar.vector(flavor, depth) + ")";
            case NATIVE_HISTOGRAM -> aggregation(dice.pick(KEEP_HISTOGRAMS), grammar.vector(flavor, depth));
            default -> aggregation(dice.pick(ALL), grammar.vector(depth));
        };
    }

    private String aggregation(AggregateOperator operator, String vector) {
        String grouping = grouping();
        String arguments = "(" + (operator.parameterType() == null ? "" : parameter(operator) + ", ") + vector + ")";
        return dice.chance(20)
                ? operator.text() + arguments + " " + grouping
                : operator.text() + (grouping.isEmpty() ? "" : " " + grouping + " ") + arguments;
    }

    private String grouping() {
        return switch (dice.below(10)) {
            case 0, 1, 2 -> "";
            case 3, 4, 5 -> "by (" + selectors.label() + ")";
            case 6 -> "by (" + selectors.label() + ", " + selectors.label() + ")";
            case 7 -> "by ()";
            case 8 -> "without (" + selectors.label() + ")";
            default -> "without (" + selectors.label() + ", " + selectors.label() + ",)";
        };
    }

    private String parameter(AggregateOperator operator) {
        if (operator == AggregateOperator.COUNT_VALUES) {
            return dice.pick("\"value\"", "\"job\"", "\"my value\"", "\"le\"");
        }
        if (dice.chance(10)) {
            return grammar.scalar(1);
        }
        return switch (operator) {
            case QUANTILE -> grammar.ratio();
            case LIMIT_RATIO -> dice.pick("0.5", "-0.5", "0.2", "-0.9", "1", "0", "-1", "1.5", "time() / 60 % 3 / 3");
            default -> grammar.count();
        };
    }
}

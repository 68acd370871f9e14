package dev.weir.promql.generator;

import dev.weir.promql.ast.BinaryOperator;
import java.util.List;
import java.util.stream.Stream;

/** Every binary operator, between scalars, vectors and both, with every kind of matching. */
final class Operators {
    private static final List<BinaryOperator> ALL = List.of(BinaryOperator.values());
    private static final List<BinaryOperator> NO_SETS = Stream.of(BinaryOperator.values())
            .filter(operator -> !operator.isSetOperator())
            .toList();

    private final Dice dice;
    private final Grammar grammar;
    private final Selectors selectors;

    Operators(Dice dice, Grammar grammar, Selectors selectors) {
        this.dice = dice;
        this.grammar = grammar;
        this.selectors = selectors;
    }

    String scalar(int depth) {
        BinaryOperator operator = dice.pick(NO_SETS);
        return "(" + grammar.scalar(depth) + ") " + operator.text() + (operator.isComparison() ? " bool" : "") + " ("
                + grammar.scalar(depth) + ")";
    }

    String vector(Flavor flavor, int depth) {
        if (flavor == Flavor.NATIVE_HISTOGRAM && dice.chance(60)) {
            return ofHistograms(depth);
        }
        return dice.oneOf(
                () -> grammar.operand(flavor, depth) + text(dice.pick(NO_SETS)) + grammar.scalar(Math.min(depth, 1)),
                () -> grammar.number() + text(dice.pick(NO_SETS)) + grammar.operand(flavor, depth),
                () -> likeWithLike(flavor, depth),
                () -> oneToOne(flavor, depth),
                () -> manyToOne(flavor, depth),
                () -> atRandom(flavor, depth));
    }

    private String ofHistograms(int depth) {
        String left = grammar.operand(Flavor.NATIVE_HISTOGRAM, depth);
        return dice.oneOf(
                () -> left + dice.pick(" * ", " / ") + grammar.number(),
                () -> grammar.number() + " * " + left,
                () -> left + dice.pick(" + ", " - ", " == ", " != ") + grammar.operand(Flavor.NATIVE_HISTOGRAM, depth),
                () -> left + dice.pick(" + ", " - ", " == ", " != ") + left,
                () -> left + text(dice.pick(ALL)) + "on (job, instance) "
                        + grammar.operand(grammar.anyFlavor(), depth));
    }

    /** A vector and itself, so that every series finds its like. */
    private String likeWithLike(Flavor flavor, int depth) {
        String side = "(" + grammar.vector(flavor, depth) + ")";
        return side + text(dice.pick(ALL)) + dice.pick("", "", "ignoring () ", "on (job, instance) ") + side;
    }

    private String oneToOne(Flavor flavor, int depth) {
        String labels = labels();
        return "sum by (" + labels + ") (" + grammar.vector(flavor, depth) + ")" + text(dice.pick(ALL))
                + dice.pick("", "on (" + labels + ") ", "ignoring (le) ")
                + dice.pick("avg", "max", "count") + " by (" + labels + ") (" + grammar.vector(depth) + ")";
    }

    private String manyToOne(Flavor flavor, int depth) {
        String labels = labels();
        String many = grammar.operand(flavor, depth);
        String one = dice.chance(60)
                ? dice.pick("sum", "min", "count") + " by (" + labels + dice.maybe(30, () -> ", region") + ") ("
                        + grammar.vector(Flavor.GAUGE, depth) + ")"
                : dice.pick("target_info", "build_info", "limits");
        String included = dice.pick("()", "(region)", "(version, region)", "(le)", "(owner)", "(__name__)");
        String operator = text(dice.pick(NO_SETS));
        return dice.chance(70)
                ? many + operator + "on (" + labels + ") group_left" + included + " " + one
                : one + operator + "on (" + labels + ") group_right" + included + " " + many;
    }

    private String atRandom(Flavor flavor, int depth) {
        BinaryOperator operator = dice.pick(ALL);
        String matching = dice.oneOf(
                () -> "",
                () -> "on (" + labels() + ") ",
                () -> "on () ",
                () -> "ignoring (" + selectors.label() + ", le) ",
                () -> "ignoring (" + selectors.label() + ") ");
        String grouping = operator.isSetOperator() || matching.isEmpty()
                ? ""
                : dice.pick("", "", "group_left () ", "group_right (region) ", "group_right () ");
        return grammar.operand(flavor, depth)
                + text(operator)
                + matching
                + grouping
                + grammar.operand(grammar.anyFlavor(), depth);
    }

    private String labels() {
        return dice.pick("job", "instance", "job, instance", "instance, job", "instance", "job, mode");
    }

    private String text(BinaryOperator operator) {
        return " " + operator.text() + (operator.isComparison() ? dice.pick(" ", " bool ") : " ");
    }
}

package dev.weir.promql.generator;

import dev.weir.promql.ast.ValueType;

/** Expressions by the type of their value and by how deep they may be; 0 is a leaf. */
final class Grammar {
    private final Dice dice;
    private final Selectors selectors;
    private final Calls calls;
    private final Aggregations aggregations;
    private final Operators operators;

    Grammar(Dice dice, Vocabulary vocabulary) {
        this.dice = dice;
        this.selectors = new Selectors(dice, vocabulary);
        this.calls = new Calls(dice, this, selectors);
        this.aggregations = new Aggregations(dice, this, selectors);
        this.operators = new Operators(dice, this, selectors);
    }

    String expression(ValueType type, int depth) {
        return switch (type) {
            case SCALAR -> scalar(depth);
            case VECTOR -> vector(depth);
            case MATRIX -> matrix(anyFlavor(), depth);
            case STRING -> dice.pick("\"text\"", "'it\\'s'", "`raw \\n`", "\"\\u00e9\\x41\\n\"");
        };
    }

    Flavor anyFlavor() {
        return switch (dice.below(10)) {
            case 0 -> Flavor.CLASSIC_HISTOGRAM;
            case 1, 2 -> Flavor.NATIVE_HISTOGRAM;
            case 3, 4, 5 -> Flavor.COUNTER;
            default -> Flavor.GAUGE;
        };
    }

    String vector(int depth) {
        return vector(anyFlavor(), depth);
    }

    /** Mostly of that flavor: what takes another one must cope with it. */
    String vector(Flavor wanted, int depth) {
        Flavor flavor = dice.chance(4) ? anyFlavor() : wanted;
        if (depth <= 0) {
            return selectors.vector(flavor);
        }
        int choice = dice.below(100);
        if (choice < 12) {
            return selectors.vector(flavor);
        }
        if (choice < 57) {
            return calls.vector(flavor, depth - 1);
        }
        if (choice < 77) {
            return aggregations.vector(flavor, depth - 1);
        }
        if (choice < 96) {
            return operators.vector(flavor, depth - 1);
        }
        return dice.pick("-", "+", "") + operand(flavor, depth - 1);
    }

    /** A vector that binds more strongly than any operator. */
    String operand(Flavor flavor, int depth) {
        String vector = vector(flavor, depth);
        // A computed offset would take the operator for its own.
        return depth <= 0 && !vector.endsWith(")") && dice.chance(50) ? vector : "(" + vector + ")";
    }

    String matrix(Flavor flavor, int depth) {
        if (depth > 0 && dice.chance(35)) {
            String inner = vector(flavor, depth - 1);
            return (depth == 1 && !inner.matches(".*( @ | offset |\\)).*") ? inner : "(" + inner + ")")
                    + selectors.subquery();
        }
        return selectors.matrix(flavor);
    }

    String scalar(int depth) {
        if (depth <= 0) {
            return number();
        }
        return switch (dice.below(8)) {
            case 0, 1 -> number();
            case 2 -> "scalar(" + vector(depth - 1) + ")";
            case 3 -> dice.pick("time()", "pi()", "(time() % 7)");
            case 4, 5 -> operators.scalar(depth - 1);
            case 6 -> "-" + dice.pick("time()", "pi()", "(" + scalar(depth - 1) + ")");
            default -> "(" + scalar(depth - 1) + ")";
        };
    }

    /** A small whole number that may change with time. */
    String count() {
        return dice.pick("0", "1", "2", "2", "3", "5", "1.9", "time() / 60 % 4", "scalar(count(up))", "-1", "100");
    }

    /** A share, mostly between 0 and 1. */
    String ratio() {
        return dice.pick("0", "1", "0.5", "0.5", "0.9", "0.25", "0.99", "-0.5", "1.1", "NaN", "time() / 60 % 10 / 10");
    }

    String number() {
        return dice.pick(
                "0",
                "1",
                "2",
                "-1",
                "0.5",
                "-2.5",
                "10",
                "100",
                "1e3",
                "1e-3",
                "60",
                "5m",
                "1h30m",
                "0x1F",
                "Inf",
                "-Inf",
                "NaN",
                "1_000",
                "1e300",
                "3",
                "7",
                "0.1",
                "1600000000");
    }
}

package dev.weir.promql.ast;

/** The binary operators, with how strongly they bind. */
public enum BinaryOperator {
    OR("or", Kind.SET, 1),
    AND("and", Kind.SET, 2),
    UNLESS("unless", Kind.SET, 2),
    EQUAL("==", Kind.COMPARISON, 3),
    NOT_EQUAL("!=", Kind.COMPARISON, 3),
    GREATER(">", Kind.COMPARISON, 3),
    LESS("<", Kind.COMPARISON, 3),
    GREATER_OR_EQUAL(">=", Kind.COMPARISON, 3),
    LESS_OR_EQUAL("<=", Kind.COMPARISON, 3),
    ADD("+", Kind.ARITHMETIC, 4),
    SUBTRACT("-", Kind.ARITHMETIC, 4),
    MULTIPLY("*", Kind.ARITHMETIC, 5),
    DIVIDE("/", Kind.ARITHMETIC, 5),
    MODULO("%", Kind.ARITHMETIC, 5),
    ATAN2("atan2", Kind.ARITHMETIC, 5),
    POWER("^", Kind.ARITHMETIC, 6);

    private enum Kind {
        SET,
        COMPARISON,
        ARITHMETIC
    }

    private final String text;
    private final Kind kind;
    private final int precedence;

    BinaryOperator(String text, Kind kind, int precedence) {
        this.text = text;
        this.kind = kind;
        this.precedence = precedence;
    }

    public String text() {
        return text;
    }

    /** The higher, the stronger it binds. */
    public int precedence() {
        return precedence;
    }

    public boolean isRightAssociative() {
        return this == POWER;
    }

    public boolean isSetOperator() {
        return kind == Kind.SET;
    }

    public boolean isComparison() {
        return kind == Kind.COMPARISON;
    }

    public boolean isArithmetic() {
        return kind == Kind.ARITHMETIC;
    }
}

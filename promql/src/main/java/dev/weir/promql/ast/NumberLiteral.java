package dev.weir.promql.ast;

/** A number; {@code isDuration} if it was written as a duration, in seconds then. */
public record NumberLiteral(double value, boolean isDuration, Span span) implements Expr {
    @Override
    public ValueType type() {
        return ValueType.SCALAR;
    }

    @Override
    public <R> R accept(ExprVisitor<R> visitor) {
        return visitor.visitNumber(this);
    }
}

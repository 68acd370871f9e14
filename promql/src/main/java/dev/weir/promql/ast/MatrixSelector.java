package dev.weir.promql.ast;

/** All samples of each matching series within {@code range}. Time modifiers are the selector's. */
public record MatrixSelector(VectorSelector selector, DurationValue range, Span span) implements Expr {
    @Override
    public ValueType type() {
        return ValueType.MATRIX;
    }

    @Override
    public <R> R accept(ExprVisitor<R> visitor) {
        return visitor.visitMatrixSelector(this);
    }
}

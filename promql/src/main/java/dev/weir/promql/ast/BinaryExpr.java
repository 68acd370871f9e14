package dev.weir.promql.ast;

import org.jspecify.annotations.Nullable;

/** Two expressions joined by an operator; {@code matching} only between two vectors. */
public record BinaryExpr(
        BinaryOperator operator,
        Expr left,
        Expr right,
        boolean returnBool,
        @Nullable VectorMatching matching) implements Expr {
    @Override
    public Span span() {
        return left.span().to(right.span());
    }

    @Override
    public ValueType type() {
        return left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR
                ? ValueType.SCALAR
                : ValueType.VECTOR;
    }

    @Override
    public <R> R accept(ExprVisitor<R> visitor) {
        return visitor.visitBinary(this);
    }
}

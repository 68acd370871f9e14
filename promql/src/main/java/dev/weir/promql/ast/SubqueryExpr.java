package dev.weir.promql.ast;

import org.jspecify.annotations.Nullable;

/** A vector expression evaluated at many steps; without {@code step}, at the engine's default one. */
public record SubqueryExpr(
        Expr expr, DurationValue range, @Nullable DurationValue step, TimeModifier time, Span span) implements Expr {
    @Override
    public ValueType type() {
        return ValueType.MATRIX;
    }

    @Override
    public <R> R accept(ExprVisitor<R> visitor) {
        return visitor.visitSubquery(this);
    }
}

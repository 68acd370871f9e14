package dev.weir.promql.ast;

/** A sign before an expression. */
public record UnaryExpr(boolean negative, Expr expr, Span span) implements Expr {
    @Override
    public ValueType type() {
        return expr.type();
    }

    @Override
    public <R> R accept(ExprVisitor<R> visitor) {
        return visitor.visitUnary(this);
    }
}

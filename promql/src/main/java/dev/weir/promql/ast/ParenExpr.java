package dev.weir.promql.ast;

/** An expression in parentheses. */
public record ParenExpr(Expr expr, Span span) implements Expr {
    @Override
    public ValueType type() {
        return expr.type();
    }

    @Override
    public <R> R accept(ExprVisitor<R> visitor) {
        return visitor.visitParen(this);
    }
}

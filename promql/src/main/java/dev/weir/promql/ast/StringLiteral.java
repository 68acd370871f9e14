package dev.weir.promql.ast;

/** A string. */
public record StringLiteral(String value, Span span) implements Expr {
    @Override
    public ValueType type() {
        return ValueType.STRING;
    }

    @Override
    public <R> R accept(ExprVisitor<R> visitor) {
        return visitor.visitString(this);
    }
}

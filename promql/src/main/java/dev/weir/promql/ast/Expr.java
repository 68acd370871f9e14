package dev.weir.promql.ast;

/** A PromQL expression. Immutable; {@link Printer} gives its text. */
public sealed interface Expr
        permits NumberLiteral,
                StringLiteral,
                VectorSelector,
                MatrixSelector,
                SubqueryExpr,
                UnaryExpr,
                BinaryExpr,
                AggregateExpr,
                Call,
                ParenExpr {
    ValueType type();

    /** Where in the query it stands. */
    Span span();

    <R> R accept(ExprVisitor<R> visitor);

    /** The expression without parentheses around it. */
    default Expr unwrapped() {
        Expr expr = this;
        while (expr instanceof ParenExpr paren) {
            expr = paren.expr();
        }
        return expr;
    }
}

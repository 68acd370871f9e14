package dev.weir.promql.ast;

/** One method for each kind of expression, so that the compiler proves that none was forgotten. */
public interface ExprVisitor<R> {
    R visitNumber(NumberLiteral expr);

    R visitString(StringLiteral expr);

    R visitVectorSelector(VectorSelector expr);

    R visitMatrixSelector(MatrixSelector expr);

    R visitSubquery(SubqueryExpr expr);

    R visitUnary(UnaryExpr expr);

    R visitBinary(BinaryExpr expr);

    R visitAggregate(AggregateExpr expr);

    R visitCall(Call expr);

    R visitParen(ParenExpr expr);
}

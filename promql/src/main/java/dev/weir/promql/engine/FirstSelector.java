package dev.weir.promql.engine;

import dev.weir.promql.ast.AggregateExpr;
import dev.weir.promql.ast.BinaryExpr;
import dev.weir.promql.ast.Call;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.ExprVisitor;
import dev.weir.promql.ast.MatrixSelector;
import dev.weir.promql.ast.NumberLiteral;
import dev.weir.promql.ast.ParenExpr;
import dev.weir.promql.ast.StringLiteral;
import dev.weir.promql.ast.SubqueryExpr;
import dev.weir.promql.ast.UnaryExpr;
import dev.weir.promql.ast.VectorSelector;
import java.util.Optional;

/** The first selector in an expression, in the order of the text. */
final class FirstSelector implements ExprVisitor<Optional<VectorSelector>> {
    @Override
    public Optional<VectorSelector> visitNumber(NumberLiteral expr) {
        return Optional.empty();
    }

    @Override
    public Optional<VectorSelector> visitString(StringLiteral expr) {
        return Optional.empty();
    }

    @Override
    public Optional<VectorSelector> visitVectorSelector(VectorSelector expr) {
        return Optional.of(expr);
    }

    @Override
    public Optional<VectorSelector> visitMatrixSelector(MatrixSelector expr) {
        return Optional.of(expr.selector());
    }

    @Override
    public Optional<VectorSelector> visitSubquery(SubqueryExpr expr) {
        return first(expr.expr());
    }

    @Override
    public Optional<VectorSelector> visitUnary(UnaryExpr expr) {
        return first(expr.expr());
    }

    @Override
    public Optional<VectorSelector> visitBinary(BinaryExpr expr) {
        return first(expr.left(), expr.right());
    }

    @Override
    public Optional<VectorSelector> visitAggregate(AggregateExpr expr) {
        return expr.parameter() == null ? first(expr.expr()) : first(expr.parameter(), expr.expr());
    }

    @Override
    public Optional<VectorSelector> visitCall(Call expr) {
        return first(expr.arguments().toArray(new Expr[0]));
    }

    @Override
    public Optional<VectorSelector> visitParen(ParenExpr expr) {
        return first(expr.expr());
    }

    private Optional<VectorSelector> first(Expr... exprs) {
        for (Expr expr : exprs) {
            Optional<VectorSelector> found = expr.accept(this);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}

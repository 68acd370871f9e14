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
import java.util.IdentityHashMap;
import java.util.Set;

/** Which expressions have the same value at every step, because all their times are fixed by {@code @}. */
final class StepInvariance implements ExprVisitor<Boolean> {
    /** Functions that look at the evaluation time itself. */
    private static final Set<String> TIME_DEPENDENT = Set.of(
            "days_in_month",
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "hour",
            "minute",
            "month",
            "year",
            "predict_linear",
            "time",
            "timestamp");

    private final IdentityHashMap<Expr, Boolean> known = new IdentityHashMap<>();

    boolean isInvariant(Expr expr) {
        Boolean invariant = known.get(expr);
        if (invariant == null) {
            invariant = expr.accept(this);
            known.put(expr, invariant);
        }
        return invariant;
    }

    @Override
    public Boolean visitNumber(NumberLiteral expr) {
        return true;
    }

    @Override
    public Boolean visitString(StringLiteral expr) {
        return true;
    }

    @Override
    public Boolean visitVectorSelector(VectorSelector expr) {
        return expr.time().at() != null;
    }

    @Override
    public Boolean visitMatrixSelector(MatrixSelector expr) {
        return isInvariant(expr.selector());
    }

    @Override
    public Boolean visitSubquery(SubqueryExpr expr) {
        return expr.time().at() != null;
    }

    @Override
    public Boolean visitUnary(UnaryExpr expr) {
        return isInvariant(expr.expr());
    }

    @Override
    public Boolean visitBinary(BinaryExpr expr) {
        return isInvariant(expr.left()) && isInvariant(expr.right());
    }

    @Override
    public Boolean visitAggregate(AggregateExpr expr) {
        // As in Prometheus, a parameter that changes with time does not count, and has its first value at every step.
        return isInvariant(expr.expr());
    }

    @Override
    public Boolean visitCall(Call expr) {
        if (TIME_DEPENDENT.contains(expr.function().name())) {
            return false;
        }
        for (Expr argument : expr.arguments()) {
            if (!isInvariant(argument)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Boolean visitParen(ParenExpr expr) {
        return isInvariant(expr.expr());
    }
}

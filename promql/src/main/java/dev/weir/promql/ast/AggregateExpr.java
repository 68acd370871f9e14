package dev.weir.promql.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An aggregation over groups of series. */
public record AggregateExpr(
        AggregateOperator operator,
        Expr expr,
        @Nullable Expr parameter,
        List<String> grouping,
        boolean without,
        Span span)
        implements Expr {
    public AggregateExpr {
        grouping = List.copyOf(grouping);
    }

    @Override
    public ValueType type() {
        return ValueType.VECTOR;
    }

    @Override
    public <R> R accept(ExprVisitor<R> visitor) {
        return visitor.visitAggregate(this);
    }
}

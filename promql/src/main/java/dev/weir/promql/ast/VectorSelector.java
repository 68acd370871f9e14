package dev.weir.promql.ast;

import dev.weir.series.LabelMatcher;
import java.util.List;

/** The newest sample of each matching series. {@code name} is "" unless written before the braces; {@code matchers} include it. */
public record VectorSelector(String name, List<LabelMatcher> matchers, TimeModifier time, Span span) implements Expr {
    public VectorSelector {
        matchers = List.copyOf(matchers);
    }

    @Override
    public ValueType type() {
        return ValueType.VECTOR;
    }

    @Override
    public <R> R accept(ExprVisitor<R> visitor) {
        return visitor.visitVectorSelector(this);
    }
}

package dev.weir.promql.ast;

import java.util.List;

/** A function call. */
public record Call(FunctionSignature function, List<Expr> arguments, Span span) implements Expr {
    public Call {
        arguments = List.copyOf(arguments);
    }

    @Override
    public ValueType type() {
        return function.returnType();
    }

    @Override
    public <R> R accept(ExprVisitor<R> visitor) {
        return visitor.visitCall(this);
    }
}

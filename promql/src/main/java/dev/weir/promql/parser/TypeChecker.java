package dev.weir.promql.parser;

import dev.weir.promql.ast.AggregateExpr;
import dev.weir.promql.ast.BinaryExpr;
import dev.weir.promql.ast.Call;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.ExprVisitor;
import dev.weir.promql.ast.FunctionSignature;
import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.MatrixSelector;
import dev.weir.promql.ast.NumberLiteral;
import dev.weir.promql.ast.ParenExpr;
import dev.weir.promql.ast.Span;
import dev.weir.promql.ast.StringLiteral;
import dev.weir.promql.ast.SubqueryExpr;
import dev.weir.promql.ast.UnaryExpr;
import dev.weir.promql.ast.ValueType;
import dev.weir.promql.ast.VectorMatching;
import dev.weir.promql.ast.VectorSelector;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.List;

/** Checks that every part of an expression has the type that its place wants. */
final class TypeChecker implements ExprVisitor<ValueType> {
    private final String query;

    TypeChecker(String query) {
        this.query = query;
    }

    ValueType check(Expr expr) {
        return expr.accept(this);
    }

    @Override
    public ValueType visitNumber(NumberLiteral expr) {
        return expr.type();
    }

    @Override
    public ValueType visitString(StringLiteral expr) {
        return expr.type();
    }

    @Override
    public ValueType visitVectorSelector(VectorSelector expr) {
        checkName(expr);
        if (expr.name().isEmpty() && expr.matchers().stream().allMatch(LabelMatcher::matchesEmpty)) {
            throw error(expr.span(), "vector selector must contain at least one non-empty matcher");
        }
        return expr.type();
    }

    @Override
    public ValueType visitMatrixSelector(MatrixSelector expr) {
        check(expr.selector());
        return expr.type();
    }

    @Override
    public ValueType visitSubquery(SubqueryExpr expr) {
        ValueType type = check(expr.expr());
        if (type != ValueType.VECTOR) {
            throw error(
                    expr.span(), "subquery is only allowed on instant vector, got " + internalName(type) + " instead");
        }
        return expr.type();
    }

    @Override
    public ValueType visitUnary(UnaryExpr expr) {
        ValueType type = check(expr.expr());
        if (!isArithmetic(type)) {
            throw error(
                    expr.span(),
                    "unary expression only allowed on expressions of type scalar or instant vector, got "
                            + GoText.quote(type.documentedName()));
        }
        return type;
    }

    @Override
    public ValueType visitBinary(BinaryExpr expr) {
        ValueType left = check(expr.left());
        ValueType right = check(expr.right());
        if (expr.returnBool() && !expr.operator().isComparison()) {
            throw error(operatorSpan(expr), "bool modifier can only be used on comparison operators");
        }
        boolean areScalars = left == ValueType.SCALAR && right == ValueType.SCALAR;
        if (expr.operator().isComparison() && !expr.returnBool() && areScalars) {
            throw error(operatorSpan(expr), "comparisons between scalars must use BOOL modifier");
        }
        if (expr.matching() != null) {
            checkMatching(expr, expr.matching(), left, right);
        }
        boolean hasScalar = left == ValueType.SCALAR || right == ValueType.SCALAR;
        if (hasScalar && expr.operator().isSetOperator()) {
            throw error(
                    expr.span(),
                    "set operator " + GoText.quote(expr.operator().text())
                            + " not allowed in binary scalar expression");
        }
        return expr.type();
    }

    @Override
    public ValueType visitAggregate(AggregateExpr expr) {
        expectType(expr.expr(), ValueType.VECTOR, "aggregation expression");
        if (expr.parameter() != null && expr.operator().parameterType() != null) {
            expectType(expr.parameter(), expr.operator().parameterType(), "aggregation parameter");
        }
        return expr.type();
    }

    @Override
    public ValueType visitCall(Call expr) {
        FunctionSignature function = expr.function();
        checkArgumentCount(expr, function);
        List<ValueType> types = function.argumentTypes();
        for (int i = 0; i < expr.arguments().size(); i++) {
            Expr argument = expr.arguments().get(i);
            if (i == 1 && function.name().equals("info")) {
                checkInfoSelector(argument);
            } else {
                ValueType type = types.get(Math.min(i, types.size() - 1));
                expectType(argument, type, "call to function " + GoText.quote(function.name()));
            }
        }
        return expr.type();
    }

    @Override
    public ValueType visitParen(ParenExpr expr) {
        return check(expr.expr());
    }

    private void checkMatching(BinaryExpr expr, VectorMatching matching, ValueType left, ValueType right) {
        for (String label : matching.labels()) {
            if (matching.on() && matching.include().contains(label)) {
                throw error(
                        operatorSpan(expr),
                        "label " + GoText.quote(label) + " must not occur in ON and GROUP clause at once");
            }
        }
        String onlyArithmetic = "binary expression must contain only scalar and instant vector types";
        if (!isArithmetic(left)) {
            throw error(expr.left().span(), onlyArithmetic);
        }
        if (!isArithmetic(right)) {
            throw error(expr.right().span(), onlyArithmetic);
        }
        boolean areVectors = left == ValueType.VECTOR && right == ValueType.VECTOR;
        if (!areVectors && !matching.labels().isEmpty()) {
            throw error(expr.span(), "vector matching only allowed between instant vectors");
        }
        boolean isManyToMany = matching.cardinality() == VectorMatching.Cardinality.MANY_TO_MANY;
        if (areVectors && expr.operator().isSetOperator() && !isManyToMany) {
            throw error(
                    expr.span(),
                    "no grouping allowed for " + GoText.quote(expr.operator().text()) + " operation");
        }
    }

    private void checkArgumentCount(Call expr, FunctionSignature function) {
        int required = function.argumentTypes().size() - (function.variadic() == 0 ? 0 : 1);
        int given = expr.arguments().size();
        String inCall = " argument(s) in call to " + GoText.quote(function.name()) + ", got " + given;
        if (function.variadic() == 0 && given != required) {
            throw error(expr.span(), "expected " + required + inCall);
        }
        if (given < required) {
            throw error(expr.span(), "expected at least " + required + inCall);
        }
        if (function.variadic() > 0 && given > required + function.variadic()) {
            throw error(expr.span(), "expected at most " + (required + function.variadic()) + inCall);
        }
    }

    private void checkInfoSelector(Expr argument) {
        if (!(argument instanceof VectorSelector selector)) {
            throw error(
                    argument.span(),
                    "expected type instant vector in call to function \"info\", got "
                            + argument.type().documentedName());
        }
        if (!selector.name().isEmpty()) {
            throw error(argument.span(), "expected label selectors only, got vector selector instead");
        }
        checkName(selector);
    }

    private void checkName(VectorSelector expr) {
        if (expr.name().isEmpty()) {
            return;
        }
        for (LabelMatcher matcher : expr.matchers().subList(0, expr.matchers().size() - 1)) {
            if (matcher.name().equals(Labels.METRIC_NAME)) {
                throw error(
                        expr.span(),
                        "metric name must not be set twice: " + GoText.quote(expr.name()) + " or "
                                + GoText.quote(matcher.value()));
            }
        }
    }

    private void expectType(Expr expr, ValueType wanted, String context) {
        ValueType type = check(expr);
        if (type != wanted) {
            throw error(
                    expr.span(),
                    "expected type " + wanted.documentedName() + " in " + context + ", got " + type.documentedName());
        }
    }

    private Span operatorSpan(BinaryExpr expr) {
        int start = expr.left().span().end();
        while (start < query.length() && Character.isWhitespace(query.charAt(start))) {
            start++;
        }
        return new Span(start, expr.right().span().start());
    }

    private PromQlParseException error(Span span, String problem) {
        return new PromQlParseException(query, span, problem);
    }

    private static boolean isArithmetic(ValueType type) {
        return type == ValueType.SCALAR || type == ValueType.VECTOR;
    }

    private static String internalName(ValueType type) {
        return switch (type) {
            case MATRIX -> "matrix";
            case VECTOR -> "vector";
            case SCALAR -> "scalar";
            case STRING -> "string";
        };
    }
}

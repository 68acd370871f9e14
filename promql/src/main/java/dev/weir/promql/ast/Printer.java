package dev.weir.promql.ast;

import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The canonical text of an expression. Parsing it again gives the same expression, positions aside. {@link #print} stays
 * on one line; {@link #pretty} breaks what is longer than 100 characters, as {@code format_query} does.
 */
public final class Printer implements ExprVisitor<String> {
    private static final int MAX_LINE_LENGTH = 100;
    private static final String INDENT = "  ";
    private static final Pattern PLAIN_NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern PLAIN_LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    private static final Printer ONE_LINE = new Printer();

    private Printer() {}

    public static String print(Expr expr) {
        return expr.accept(ONE_LINE);
    }

    /** The text broken into indented lines where one line would be too long. */
    public static String pretty(Expr expr) {
        return pretty(expr, 0);
    }

    @Override
    public String visitNumber(NumberLiteral expr) {
        return expr.isDuration() ? DurationValue.format(Math.round(expr.value() * 1000)) : GoText.plain(expr.value());
    }

    @Override
    public String visitString(StringLiteral expr) {
        return GoText.quote(expr.value());
    }

    @Override
    public String visitVectorSelector(VectorSelector expr) {
        return selector(expr) + modifiers(expr.time());
    }

    @Override
    public String visitMatrixSelector(MatrixSelector expr) {
        return selector(expr.selector()) + "[" + expr.range() + "]"
                + modifiers(expr.selector().time());
    }

    @Override
    public String visitSubquery(SubqueryExpr expr) {
        return print(expr.expr()) + subqueryRange(expr);
    }

    @Override
    public String visitUnary(UnaryExpr expr) {
        return sign(expr) + print(expr.expr());
    }

    @Override
    public String visitBinary(BinaryExpr expr) {
        return print(expr.left()) + " " + operator(expr) + " " + print(expr.right());
    }

    @Override
    public String visitAggregate(AggregateExpr expr) {
        String parameter = expr.parameter() == null ? "" : print(expr.parameter()) + ", ";
        return aggregation(expr) + "(" + parameter + print(expr.expr()) + ")";
    }

    @Override
    public String visitCall(Call expr) {
        StringJoiner text = new StringJoiner(", ", expr.function().name() + "(", ")");
        for (Expr argument : expr.arguments()) {
            text.add(print(argument));
        }
        return text.toString();
    }

    @Override
    public String visitParen(ParenExpr expr) {
        return "(" + print(expr.expr()) + ")";
    }

    /** Names that are no legacy names are quoted. */
    public static String labelName(String name) {
        return PLAIN_LABEL.matcher(name).matches() ? name : GoText.quote(name);
    }

    private static String pretty(Expr expr, int level) {
        String indent = INDENT.repeat(level);
        String line = print(expr);
        if (line.length() <= MAX_LINE_LENGTH) {
            // Prometheus forgets to indent a subquery that it need not break.
            return expr instanceof SubqueryExpr ? line : indent + line;
        }
        if (expr instanceof AggregateExpr aggregate) {
            List<Expr> arguments = new ArrayList<>();
            if (aggregate.parameter() != null) {
                arguments.add(aggregate.parameter());
            }
            arguments.add(aggregate.expr());
            return indent + aggregation(aggregate) + "(\n" + prettyList(arguments, level + 1) + "\n" + indent + ")";
        }
        if (expr instanceof Call call) {
            return indent + call.function().name() + "(\n" + prettyList(call.arguments(), level + 1) + "\n" + indent
                    + ")";
        }
        if (expr instanceof BinaryExpr binary) {
            return pretty(binary.left(), level + 1) + "\n" + indent + operator(binary) + "\n"
                    + pretty(binary.right(), level + 1);
        }
        if (expr instanceof ParenExpr paren) {
            return indent + "(\n" + pretty(paren.expr(), level + 1) + "\n" + indent + ")";
        }
        if (expr instanceof SubqueryExpr subquery) {
            return pretty(subquery.expr(), level) + subqueryRange(subquery);
        }
        if (expr instanceof UnaryExpr unary) {
            return indent + sign(unary) + pretty(unary.expr(), level).stripLeading();
        }
        return indent + line;
    }

    private static String prettyList(List<Expr> exprs, int level) {
        StringJoiner text = new StringJoiner(",\n");
        for (Expr expr : exprs) {
            text.add(pretty(expr, level));
        }
        return text.toString();
    }

    private static String sign(UnaryExpr expr) {
        return expr.negative() ? "-" : "+";
    }

    private static String selector(VectorSelector expr) {
        boolean quotesName =
                !expr.name().isEmpty() && !PLAIN_NAME.matcher(expr.name()).matches();
        List<String> conditions = new ArrayList<>();
        for (LabelMatcher matcher : expr.matchers()) {
            boolean isName = matcher.name().equals(Labels.METRIC_NAME)
                    && matcher.type() == LabelMatcher.Type.EQUAL
                    && matcher.value().equals(expr.name())
                    && !matcher.value().isEmpty();
            if (!isName) {
                conditions.add(labelName(matcher.name()) + matcher.type().operator() + GoText.quote(matcher.value()));
            } else if (quotesName) {
                conditions.add(GoText.quote(expr.name()));
            }
        }
        conditions.sort(Labels.BYTE_ORDER);
        String name = quotesName ? "" : expr.name();
        return conditions.isEmpty() && !name.isEmpty() ? name : name + "{" + String.join(",", conditions) + "}";
    }

    private static String modifiers(TimeModifier time) {
        String offset = time.hasOffset() ? " offset " + time.offset() : "";
        // What stands behind a computed offset could be taken for a part of it.
        return time.offset().formula() == null ? at(time.at()) + offset : offset + at(time.at());
    }

    private static String at(TimeModifier.@Nullable At at) {
        if (at instanceof TimeModifier.AtTime fixed) {
            return String.format(Locale.ROOT, " @ %.3f", fixed.timestampMs() / 1000.0);
        }
        if (at instanceof TimeModifier.AtBound bound) {
            return bound.isEnd() ? " @ end()" : " @ start()";
        }
        return "";
    }

    private static String subqueryRange(SubqueryExpr expr) {
        return "[" + expr.range() + ":" + (expr.step() == null ? "" : expr.step()) + "]" + modifiers(expr.time());
    }

    private static String operator(BinaryExpr expr) {
        return expr.operator().text() + (expr.returnBool() ? " bool" : "") + matching(expr.matching());
    }

    private static String matching(@Nullable VectorMatching matching) {
        if (matching == null) {
            return "";
        }
        boolean isGrouped = matching.cardinality() == VectorMatching.Cardinality.MANY_TO_ONE
                || matching.cardinality() == VectorMatching.Cardinality.ONE_TO_MANY;
        if (matching.labels().isEmpty() && !matching.on() && !isGrouped) {
            return "";
        }
        String text = (matching.on() ? " on (" : " ignoring (") + labelNames(matching.labels()) + ")";
        return switch (matching.cardinality()) {
            case MANY_TO_ONE -> text + " group_left (" + labelNames(matching.include()) + ")";
            case ONE_TO_MANY -> text + " group_right (" + labelNames(matching.include()) + ")";
            case ONE_TO_ONE, MANY_TO_MANY -> text;
        };
    }

    private static String aggregation(AggregateExpr expr) {
        if (expr.without()) {
            return expr.operator().text() + " without (" + labelNames(expr.grouping()) + ") ";
        }
        return expr.grouping().isEmpty()
                ? expr.operator().text()
                : expr.operator().text() + " by (" + labelNames(expr.grouping()) + ") ";
    }

    private static String labelNames(List<String> names) {
        return names.stream().map(Printer::labelName).collect(Collectors.joining(", "));
    }
}

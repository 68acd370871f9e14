package dev.weir.promql.parser;

import com.google.re2j.PatternSyntaxException;
import dev.weir.promql.ast.DurationValue;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.MatrixSelector;
import dev.weir.promql.ast.Span;
import dev.weir.promql.ast.SubqueryExpr;
import dev.weir.promql.ast.TimeModifier;
import dev.weir.promql.ast.VectorSelector;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Selectors, and what may stand after an expression: {@code [5m]}, {@code [1h:5m]}, {@code offset}, {@code @}. */
final class SelectorParser {
    private static final double MAX_AT_SECONDS = 9e15;

    private final TokenReader tokens;
    private final DurationParser durations;
    private final int maxMatchers;
    private int matcherCount;

    SelectorParser(TokenReader tokens, ParserOptions options) {
        this.tokens = tokens;
        this.durations = new DurationParser(tokens, options);
        this.maxMatchers = options.maxMatchers();
    }

    VectorSelector selector() {
        Token first = tokens.peek();
        List<LabelMatcher> matchers = new ArrayList<>();
        String name = "";
        if (first.type().isMetricName()) {
            name = tokens.next().text();
        } else if (!first.is(TokenType.LEFT_BRACE)) {
            throw tokens.unexpected();
        }
        if (tokens.peek().is(TokenType.LEFT_BRACE)) {
            tokens.next();
            while (!tokens.peek().is(TokenType.RIGHT_BRACE)) {
                matchers.add(matcher());
                if (!tokens.takeIf(TokenType.COMMA) && !tokens.peek().is(TokenType.RIGHT_BRACE)) {
                    throw tokens.unexpected("label matching", "\",\" or \"}\"");
                }
            }
            tokens.next();
        }
        if (!name.isEmpty()) {
            matchers.add(new LabelMatcher(LabelMatcher.Type.EQUAL, Labels.METRIC_NAME, name));
        }
        return new VectorSelector(
                name, matchers, TimeModifier.NONE, first.span().to(tokens.lastSpan()));
    }

    Expr withModifiers(Expr primary) {
        Expr expr = primary;
        while (true) {
            switch (tokens.peek().type()) {
                case LEFT_BRACKET -> expr = range(expr);
                case OFFSET -> expr = offset(expr);
                case AT -> expr = at(expr);
                default -> {
                    return expr;
                }
            }
        }
    }

    private LabelMatcher matcher() {
        Token label = tokens.peek();
        if (!label.is(TokenType.IDENTIFIER) && !label.is(TokenType.STRING)) {
            throw tokens.unexpected("label matching", "identifier or \"}\"");
        }
        if (++matcherCount > maxMatchers) {
            throw tokens.error(
                    label.span(),
                    "more than " + maxMatchers + " label matchers (expected: at most " + maxMatchers + ")");
        }
        tokens.next();
        boolean isQuoted = label.is(TokenType.STRING);
        String name = isQuoted ? StringText.unquote(label.text()) : label.text();
        LabelMatcher.Type type = switch (tokens.peek().type()) {
            case EQUAL -> LabelMatcher.Type.EQUAL;
            case NOT_EQUAL -> LabelMatcher.Type.NOT_EQUAL;
            case MATCHES -> LabelMatcher.Type.REGEX;
            case MATCHES_NOT -> LabelMatcher.Type.NOT_REGEX;
            default -> {
                if (isQuoted) {
                    yield null;
                }
                throw tokens.unexpected("label matching", "label matching operator");
            }
        };
        if (type == null) {
            return new LabelMatcher(LabelMatcher.Type.EQUAL, Labels.METRIC_NAME, name);
        }
        tokens.next();
        Token value = tokens.expect(TokenType.STRING, "label matching", "string");
        try {
            return new LabelMatcher(type, name, StringText.unquote(value.text()));
        } catch (PatternSyntaxException e) {
            throw tokens.error(label.span().to(value.span()), String.valueOf(e.getMessage()));
        }
    }

    private Expr range(Expr expr) {
        Token open = tokens.next();
        DurationValue range = durations.positive("subquery selector", "number or duration");
        if (tokens.peek().is(TokenType.RIGHT_BRACKET)) {
            Token close = tokens.next();
            return matrixSelector(expr, range, open.span().to(close.span()));
        }
        if (!tokens.takeIf(TokenType.COLON)) {
            throw tokens.unexpected("subquery or range", "\":\" or \"]\"");
        }
        DurationValue step = null;
        if (!tokens.peek().is(TokenType.RIGHT_BRACKET)) {
            step = durations.positive("subquery selector", "number or duration or \"]\"");
        }
        Token close = tokens.expect(TokenType.RIGHT_BRACKET, "subquery selector", "\"]\"");
        return new SubqueryExpr(
                expr, range, step, TimeModifier.NONE, expr.span().to(close.span()));
    }

    private MatrixSelector matrixSelector(Expr expr, DurationValue range, Span brackets) {
        if (!(expr instanceof VectorSelector selector)) {
            throw tokens.error(brackets, "ranges only allowed for vector selectors");
        }
        if (selector.time().hasOffset()) {
            throw tokens.error(brackets, "no offset modifiers allowed before range");
        }
        if (selector.time().at() != null) {
            throw tokens.error(brackets, "no @ modifiers allowed before range");
        }
        return new MatrixSelector(selector, range, selector.span().to(brackets));
    }

    private Expr offset(Expr expr) {
        tokens.next();
        DurationValue offset = durations.offset();
        TimeModifier time = time(expr, "offset modifier");
        if (time.hasOffset()) {
            throw tokens.error(expr.span(), "offset may not be set multiple times");
        }
        return withTime(expr, new TimeModifier(offset, time.at()));
    }

    private Expr at(Expr expr) {
        tokens.next();
        TimeModifier.At at = atTime(expr);
        TimeModifier time = time(expr, "@ modifier");
        if (time.at() != null) {
            throw tokens.error(expr.span(), "@ <timestamp> may not be set multiple times");
        }
        return withTime(expr, new TimeModifier(time.offset(), at));
    }

    private TimeModifier.At atTime(Expr expr) {
        Token token = tokens.peek();
        if (token.is(TokenType.START) || token.is(TokenType.END)) {
            tokens.next();
            tokens.expect(TokenType.LEFT_PAREN, "@", "timestamp");
            tokens.expect(TokenType.RIGHT_PAREN, "@", "timestamp");
            return new TimeModifier.AtBound(token.is(TokenType.END));
        }
        boolean negative = token.is(TokenType.SUBTRACT);
        if (negative || token.is(TokenType.ADD)) {
            tokens.next();
        }
        Token number = tokens.peek();
        if (!number.is(TokenType.NUMBER) && !number.is(TokenType.DURATION)) {
            throw tokens.unexpected("@", "timestamp");
        }
        double seconds = tokens.seconds(tokens.next()) * (negative ? -1 : 1);
        if (!(Math.abs(seconds) < MAX_AT_SECONDS)) {
            throw tokens.error(
                    expr.span(),
                    "timestamp out of bounds for @ modifier: "
                            + (Double.isNaN(seconds) || Double.isInfinite(seconds)
                                    ? GoText.plain(seconds)
                                    : String.format(Locale.ROOT, "%f", seconds)));
        }
        return new TimeModifier.AtTime(Math.round(seconds * 1000));
    }

    private TimeModifier time(Expr expr, String modifier) {
        if (expr instanceof VectorSelector selector) {
            return selector.time();
        }
        if (expr instanceof MatrixSelector matrix) {
            return matrix.selector().time();
        }
        if (expr instanceof SubqueryExpr subquery) {
            return subquery.time();
        }
        throw tokens.error(
                expr.span(),
                modifier + " must be preceded by an instant vector selector or range vector selector or a subquery");
    }

    private Expr withTime(Expr expr, TimeModifier time) {
        Span span = expr.span().to(tokens.lastSpan());
        if (expr instanceof VectorSelector selector) {
            return new VectorSelector(selector.name(), selector.matchers(), time, span);
        }
        if (expr instanceof MatrixSelector matrix) {
            VectorSelector selector = matrix.selector();
            return new MatrixSelector(
                    new VectorSelector(selector.name(), selector.matchers(), time, selector.span()),
                    matrix.range(),
                    span);
        }
        SubqueryExpr subquery = (SubqueryExpr) expr;
        return new SubqueryExpr(subquery.expr(), subquery.range(), subquery.step(), time, span);
    }
}

package dev.weir.promql.parser;

import dev.weir.promql.ast.AggregateExpr;
import dev.weir.promql.ast.AggregateOperator;
import dev.weir.promql.ast.BinaryExpr;
import dev.weir.promql.ast.BinaryOperator;
import dev.weir.promql.ast.Call;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.FunctionSignature;
import dev.weir.promql.ast.Functions;
import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.NumberLiteral;
import dev.weir.promql.ast.ParenExpr;
import dev.weir.promql.ast.Span;
import dev.weir.promql.ast.StringLiteral;
import dev.weir.promql.ast.SubqueryExpr;
import dev.weir.promql.ast.UnaryExpr;
import dev.weir.promql.ast.VectorMatching;
import dev.weir.promql.ast.VectorMatching.Cardinality;
import dev.weir.promql.ast.VectorSelector;
import dev.weir.series.LabelMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A Pratt parser for the whole language. The first error ends it. */
public final class Parser {
    /** A sign binds as strongly as multiplication, so that {@code -2 ^ 2} is -4. */
    private static final int OPERAND_OF_SIGN = BinaryOperator.POWER.precedence();

    private final TokenReader tokens;
    private final ParserOptions options;
    private final SelectorParser selectors;
    private int depth;
    /** How deep the expression is that was parsed last. */
    private int height;

    private Parser(String query, ParserOptions options) {
        this.tokens = new TokenReader(query);
        this.options = options;
        this.selectors = new SelectorParser(tokens, options);
    }

    /**
     * The expression that {@code query} is, checked for types.
     *
     * @throws PromQlParseException if it is none, or is longer or deeper than allowed
     */
    public static Expr parse(String query, ParserOptions options) {
        checkLength(query, options);
        Parser parser = new Parser(query, options);
        if (parser.tokens.peek().is(TokenType.END_OF_INPUT)) {
            throw new PromQlParseException(query, new Span(0, 0), "no expression found in input");
        }
        Expr expr = parser.expression(0);
        parser.tokens.expectEnd();
        new TypeChecker(query).check(expr);
        return expr;
    }

    /** @throws PromQlParseException as {@link #parse(String, ParserOptions)} */
    public static Expr parse(String query) {
        return parse(query, ParserOptions.DEFAULT);
    }

    /**
     * The matchers of a bare selector such as {@code up{job="x"}}, as {@code match[]} takes it.
     *
     * @throws PromQlParseException if it is no selector, or every matcher matches the empty string
     */
    public static List<LabelMatcher> parseSelector(String selector) {
        checkLength(selector, ParserOptions.DEFAULT);
        Parser parser = new Parser(selector, ParserOptions.DEFAULT);
        VectorSelector parsed = parser.selectors.selector();
        parser.tokens.expectEnd();
        new TypeChecker(selector).check(parsed);
        return parsed.matchers();
    }

    private static void checkLength(String query, ParserOptions options) {
        if (query.length() > options.maxLength()) {
            throw new PromQlParseException(
                    "",
                    new Span(0, 0),
                    "query: " + query.length() + " characters (expected: at most " + options.maxLength() + ")");
        }
    }

    private Expr expression(int minPrecedence) {
        enter();
        Expr left = unary();
        int leftHeight = height;
        while (true) {
            BinaryOperator operator = tokens.peek().type().binaryOperator();
            if (operator == null || operator.precedence() < minPrecedence) {
                break;
            }
            tokens.next();
            Modifiers modifiers = modifiers();
            Expr right = expression(operator.isRightAssociative() ? operator.precedence() : operator.precedence() + 1);
            leftHeight = Math.max(leftHeight, height) + 1;
            checkNesting(leftHeight);
            left = binary(operator, left, right, modifiers);
        }
        height = leftHeight;
        depth--;
        return left;
    }

    private Expr unary() {
        Token sign = tokens.peek();
        if (!sign.is(TokenType.SUBTRACT) && !sign.is(TokenType.ADD)) {
            Expr expr = selectors.withModifiers(primary());
            for (Expr each = expr; each instanceof SubqueryExpr subquery; each = subquery.expr()) {
                raise();
            }
            return expr;
        }
        tokens.next();
        Expr operand = expression(OPERAND_OF_SIGN);
        boolean negative = sign.is(TokenType.SUBTRACT);
        Span span = sign.span().to(operand.span());
        if (operand instanceof NumberLiteral number) {
            return new NumberLiteral(negative ? -number.value() : number.value(), number.isDuration(), span);
        }
        raise();
        return new UnaryExpr(negative, operand, span);
    }

    private Expr primary() {
        Token token = tokens.peek();
        height = 1;
        switch (token.type()) {
            case NUMBER, DURATION -> {
                tokens.next();
                return new NumberLiteral(tokens.seconds(token), token.is(TokenType.DURATION), token.span());
            }
            case STRING -> {
                tokens.next();
                return new StringLiteral(StringText.unquote(token.text()), token.span());
            }
            case LEFT_PAREN -> {
                tokens.next();
                Expr inner = expression(0);
                Token close = tokens.expect(TokenType.RIGHT_PAREN);
                raise();
                return new ParenExpr(inner, token.span().to(close.span()));
            }
            case AGGREGATION -> {
                TokenType after = tokens.peekSecond().type();
                boolean isAggregation =
                        after == TokenType.LEFT_PAREN || after == TokenType.BY || after == TokenType.WITHOUT;
                return isAggregation ? aggregation() : selectors.selector();
            }
            case IDENTIFIER -> {
                return tokens.peekSecond().is(TokenType.LEFT_PAREN) ? call() : selectors.selector();
            }
            default -> {
                if (token.is(TokenType.LEFT_BRACE) || token.type().isMetricName()) {
                    return selectors.selector();
                }
                throw tokens.unexpected();
            }
        }
    }

    private Expr call() {
        Token name = tokens.next();
        Arguments arguments = arguments();
        FunctionSignature function = Functions.byName(name.text());
        if (function == null) {
            throw tokens.error(name.span(), "unknown function with name " + GoText.quote(name.text()));
        }
        if (function.isExperimental() && !options.experimentalFunctions()) {
            throw tokens.error(name.span(), "function " + GoText.quote(name.text()) + " is not enabled");
        }
        return new Call(function, arguments.exprs(), name.span().to(arguments.span()));
    }

    private Expr aggregation() {
        Token name = tokens.next();
        AggregateOperator operator = AggregateOperator.valueOf(name.text().toUpperCase(Locale.ROOT));
        tokens.enterAggregation();
        Grouping grouping = grouping();
        Arguments arguments = arguments();
        tokens.leaveAggregation();
        if (grouping == null) {
            grouping = grouping();
        }
        Span span = name.span().to(arguments.span());
        if (arguments.exprs().isEmpty()) {
            throw tokens.error(span, "no arguments for aggregate expression provided");
        }
        if (operator.isExperimental() && !options.experimentalFunctions()) {
            throw tokens.error(
                    span,
                    operator.text()
                            + "() is experimental and must be enabled with --enable-feature=promql-experimental-functions");
        }
        int expected = operator.parameterType() == null ? 1 : 2;
        int given = arguments.exprs().size();
        if (given != expected) {
            throw tokens.error(
                    span,
                    "wrong number of arguments for aggregate expression provided, expected " + expected + ", got "
                            + given);
        }
        return new AggregateExpr(
                operator,
                arguments.exprs().get(expected - 1),
                expected == 2 ? arguments.exprs().get(0) : null,
                grouping == null ? List.of() : grouping.labels(),
                grouping != null && grouping.without(),
                span);
    }

    private @Nullable Grouping grouping() {
        if (tokens.takeIf(TokenType.BY)) {
            return new Grouping(tokens.labelList(), false);
        }
        return tokens.takeIf(TokenType.WITHOUT) ? new Grouping(tokens.labelList(), true) : null;
    }

    private Arguments arguments() {
        Token open = tokens.expect(TokenType.LEFT_PAREN);
        List<Expr> exprs = new ArrayList<>();
        int highest = 0;
        if (!tokens.peek().is(TokenType.RIGHT_PAREN)) {
            while (true) {
                if (exprs.size() == options.maxArguments()) {
                    throw tokens.error(
                            tokens.peek().span(),
                            "more than " + options.maxArguments() + " arguments (expected: at most "
                                    + options.maxArguments() + ")");
                }
                exprs.add(expression(0));
                highest = Math.max(highest, height);
                Token comma = tokens.peek();
                if (!tokens.takeIf(TokenType.COMMA)) {
                    break;
                }
                if (!tokens.peek().type().beginsExpression()) {
                    throw tokens.error(comma.span(), "trailing commas not allowed in function call args");
                }
            }
        }
        Token close = tokens.expect(TokenType.RIGHT_PAREN);
        height = highest;
        raise();
        return new Arguments(exprs, open.span().to(close.span()));
    }

    private Modifiers modifiers() {
        boolean returnBool = tokens.takeIf(TokenType.BOOL);
        boolean on = tokens.peek().is(TokenType.ON);
        if (!on && !tokens.peek().is(TokenType.IGNORING)) {
            return new Modifiers(returnBool, new VectorMatching(Cardinality.ONE_TO_ONE, List.of(), false, List.of()));
        }
        tokens.next();
        List<String> labels = tokens.labelList();
        Cardinality cardinality = Cardinality.ONE_TO_ONE;
        if (tokens.takeIf(TokenType.GROUP_LEFT)) {
            cardinality = Cardinality.MANY_TO_ONE;
        } else if (tokens.takeIf(TokenType.GROUP_RIGHT)) {
            cardinality = Cardinality.ONE_TO_MANY;
        }
        boolean hasInclude =
                cardinality != Cardinality.ONE_TO_ONE && tokens.peek().is(TokenType.LEFT_PAREN);
        List<String> include = hasInclude ? tokens.labelList() : List.of();
        return new Modifiers(returnBool, new VectorMatching(cardinality, labels, on, include));
    }

    private BinaryExpr binary(BinaryOperator operator, Expr left, Expr right, Modifiers modifiers) {
        VectorMatching matching = modifiers.matching();
        if (operator.isSetOperator() && matching.cardinality() == Cardinality.ONE_TO_ONE) {
            matching = matching.withCardinality(Cardinality.MANY_TO_MANY);
        }
        return new BinaryExpr(operator, left, right, modifiers.returnBool(), matching);
    }

    private void enter() {
        depth++;
        checkNesting(depth);
    }

    private void raise() {
        height++;
        checkNesting(height);
    }

    private void checkNesting(int nesting) {
        if (nesting > options.maxNesting()) {
            throw tokens.error(
                    tokens.peek().span(),
                    "expression nesting: more than " + options.maxNesting() + " levels (expected: at most "
                            + options.maxNesting() + ")");
        }
    }

    private record Grouping(List<String> labels, boolean without) {}

    private record Arguments(List<Expr> exprs, Span span) {}

    private record Modifiers(boolean returnBool, VectorMatching matching) {}
}

package dev.weir.promql.parser;

import dev.weir.promql.ast.DurationValue;
import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.Span;

/** Durations: {@code 5m}, {@code 300}, and computed ones such as {@code 2 * (1m + 30s)}, which are computed at once. */
final class DurationParser {
    private static final int ADDITION = 1;
    private static final int MULTIPLICATION = 2;
    private static final int POWER = 3;
    private static final String OFFSET = "offset";
    private static final String NUMBER_OR_DURATION = "number or duration";
    private static final double MAX_SECONDS = Long.MAX_VALUE / 1e9;

    private final TokenReader tokens;
    private final ParserOptions options;
    private int depth;

    DurationParser(TokenReader tokens, ParserOptions options) {
        this.tokens = tokens;
        this.options = options;
    }

    /** A duration of at least 1 ms, for which errors name {@code context} and {@code expected}. */
    DurationValue positive(String context, String expected) {
        Term term = expression(ADDITION, context, expected);
        DurationValue value = value(term);
        if (!(term.seconds > 0) || value.millis() <= 0) {
            throw tokens.error(term.span, "duration must be greater than 0");
        }
        return value;
    }

    /**
     * What stands after {@code offset}. A signed literal ends it, so that {@code x offset 1m + 2} adds 2 to x; anything
     * else goes on for as long as it can be a duration, so that {@code x offset (1m) + 2} looks 62 s back.
     */
    DurationValue offset() {
        Token first = tokens.peek();
        boolean isSigned = first.is(TokenType.SUBTRACT) || first.is(TokenType.ADD);
        Token operand = isSigned ? tokens.peekSecond() : first;
        if (operand.is(TokenType.NUMBER) || operand.is(TokenType.DURATION)) {
            return value(signed(OFFSET, NUMBER_OR_DURATION, false));
        }
        Term term = expression(ADDITION, OFFSET, NUMBER_OR_DURATION);
        return value(term.isCompound ? term.inParentheses(term.span) : term);
    }

    private Term expression(int minPrecedence, String context, String expected) {
        depth++;
        checkNesting(depth);
        Term left = signed(context, expected, true);
        for (int operators = 1; ; operators++) {
            Token operator = tokens.peek();
            int precedence = precedence(operator);
            if (precedence < minPrecedence) {
                break;
            }
            checkNesting(operators);
            tokens.next();
            requireExpressions(left.span);
            Term right = expression(precedence == POWER ? precedence : precedence + 1, context, expected);
            left = combine(left, operator, right);
        }
        depth--;
        return left;
    }

    private void checkNesting(int nesting) {
        if (nesting > options.maxNesting()) {
            throw tokens.error(
                    tokens.peek().span(),
                    "duration nesting: more than " + options.maxNesting() + " levels (expected: at most "
                            + options.maxNesting() + ")");
        }
    }

    private Term signed(String context, String expected, boolean withPower) {
        Token sign = tokens.peek();
        if (!sign.is(TokenType.SUBTRACT) && !sign.is(TokenType.ADD)) {
            return operand(context, expected);
        }
        tokens.next();
        Term term = withPower ? expression(POWER, context, expected) : operand(context, expected);
        Span span = sign.span().to(term.span);
        if (sign.is(TokenType.ADD)) {
            return new Term(term.seconds, term.text, term.isLiteral, term.isCompound, span);
        }
        return new Term(-term.seconds, "-" + term.text, term.isLiteral, term.isCompound, span);
    }

    private Term operand(String context, String expected) {
        Token token = tokens.peek();
        if (token.is(TokenType.NUMBER) || token.is(TokenType.DURATION)) {
            double seconds = tokens.seconds(tokens.next());
            checkRange(seconds, token.span());
            String text = token.is(TokenType.DURATION)
                    ? DurationValue.format(Math.round(seconds * 1000))
                    : GoText.plain(seconds);
            return new Term(seconds, text, true, false, token.span());
        }
        if (!token.is(TokenType.LEFT_PAREN)) {
            throw tokens.unexpected(context, expected);
        }
        tokens.next();
        Term inner = expression(ADDITION, context, expected);
        requireExpressions(inner.span);
        Token close = tokens.expect(TokenType.RIGHT_PAREN, context, expected);
        return inner.inParentheses(token.span().to(close.span()));
    }

    private Term combine(Term left, Token operator, Term right) {
        Span span = left.span.to(right.span);
        double seconds = switch (operator.type()) {
            case ADD -> left.seconds + right.seconds;
            case SUBTRACT -> left.seconds - right.seconds;
            case MULTIPLY -> left.seconds * right.seconds;
            case DIVIDE -> {
                checkDivisor(right, operator, "division by zero");
                yield left.seconds / right.seconds;
            }
            case MODULO -> {
                checkDivisor(right, operator, "modulo by zero");
                yield left.seconds % right.seconds;
            }
            default -> Math.pow(left.seconds, right.seconds);
        };
        return new Term(seconds, left.text + " " + operator.text() + " " + right.text, false, true, span);
    }

    private void checkDivisor(Term divisor, Token operator, String problem) {
        if (divisor.seconds == 0) {
            throw tokens.error(operator.span(), problem);
        }
    }

    private DurationValue value(Term term) {
        checkRange(term.seconds, term.span);
        return term.isLiteral
                ? DurationValue.ofMillis(Math.round(term.seconds * 1e9) / 1_000_000)
                : new DurationValue((long) (term.seconds * 1000), term.text);
    }

    private void checkRange(double seconds, Span span) {
        if (!(Math.abs(seconds) <= MAX_SECONDS)) {
            throw tokens.error(span, "duration out of range");
        }
    }

    private void requireExpressions(Span span) {
        if (!options.durationExpressions()) {
            throw tokens.error(span, "experimental duration expression is not enabled");
        }
    }

    private static int precedence(Token operator) {
        return switch (operator.type()) {
            case ADD, SUBTRACT -> ADDITION;
            case MULTIPLY, DIVIDE, MODULO -> MULTIPLICATION;
            case POWER -> POWER;
            default -> 0;
        };
    }

    /** {@code isCompound}: its outermost part is an operator. */
    private record Term(double seconds, String text, boolean isLiteral, boolean isCompound, Span span) {
        Term inParentheses(Span whole) {
            return new Term(seconds, isLiteral ? text : "(" + text + ")", isLiteral, false, whole);
        }
    }
}

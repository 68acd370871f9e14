package dev.weir.promql.parser;

import dev.weir.promql.ast.AggregateOperator;
import dev.weir.promql.ast.BinaryOperator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a token is; keywords may also be names, where the grammar allows it. */
enum TokenType {
    END_OF_INPUT(Kind.VALUE, ""),
    IDENTIFIER(Kind.VALUE, "identifier"),
    METRIC_IDENTIFIER(Kind.VALUE, "metric identifier"),
    STRING(Kind.VALUE, "string"),
    NUMBER(Kind.VALUE, "number"),
    DURATION(Kind.VALUE, "duration"),

    LEFT_PAREN(Kind.PUNCTUATION, "("),
    RIGHT_PAREN(Kind.PUNCTUATION, ")"),
    LEFT_BRACE(Kind.PUNCTUATION, "{"),
    RIGHT_BRACE(Kind.PUNCTUATION, "}"),
    LEFT_BRACKET(Kind.PUNCTUATION, "["),
    RIGHT_BRACKET(Kind.PUNCTUATION, "]"),
    COMMA(Kind.PUNCTUATION, ","),
    COLON(Kind.PUNCTUATION, ":"),
    EQUAL(Kind.PUNCTUATION, "="),

    AT(Kind.OPERATOR, "@"),
    ADD(Kind.OPERATOR, "+"),
    SUBTRACT(Kind.OPERATOR, "-"),
    MULTIPLY(Kind.OPERATOR, "*"),
    DIVIDE(Kind.OPERATOR, "/"),
    MODULO(Kind.OPERATOR, "%"),
    POWER(Kind.OPERATOR, "^"),
    EQUAL_EQUAL(Kind.OPERATOR, "=="),
    NOT_EQUAL(Kind.OPERATOR, "!="),
    LESS(Kind.OPERATOR, "<"),
    LESS_OR_EQUAL(Kind.OPERATOR, "<="),
    GREATER(Kind.OPERATOR, ">"),
    GREATER_OR_EQUAL(Kind.OPERATOR, ">="),
    MATCHES(Kind.OPERATOR, "=~"),
    MATCHES_NOT(Kind.OPERATOR, "!~"),
    AND(Kind.WORD_OPERATOR, "and"),
    OR(Kind.WORD_OPERATOR, "or"),
    UNLESS(Kind.WORD_OPERATOR, "unless"),
    ATAN2(Kind.WORD_OPERATOR, "atan2"),

    AGGREGATION(Kind.AGGREGATOR, ""),

    OFFSET(Kind.KEYWORD, "offset"),
    BY(Kind.KEYWORD, "by"),
    WITHOUT(Kind.KEYWORD, "without"),
    ON(Kind.KEYWORD, "on"),
    IGNORING(Kind.KEYWORD, "ignoring"),
    GROUP_LEFT(Kind.KEYWORD, "group_left"),
    GROUP_RIGHT(Kind.KEYWORD, "group_right"),
    BOOL(Kind.KEYWORD, "bool"),
    START(Kind.KEYWORD, "start"),
    END(Kind.KEYWORD, "end");

    /** Classes of tokens, which differ in how an error names them. */
    enum Kind {
        VALUE,
        PUNCTUATION,
        OPERATOR,
        WORD_OPERATOR,
        AGGREGATOR,
        KEYWORD
    }

    private static final Map<String, TokenType> WORDS = new HashMap<>();

    static {
        for (TokenType type : values()) {
            if (type.kind == Kind.KEYWORD || type.kind == Kind.WORD_OPERATOR) {
                WORDS.put(type.text, type);
            }
        }
        for (AggregateOperator operator : AggregateOperator.values()) {
            WORDS.put(operator.text(), AGGREGATION);
        }
        WORDS.put("inf", NUMBER);
        WORDS.put("nan", NUMBER);
    }

    private final Kind kind;
    private final String text;

    TokenType(Kind kind, String text) {
        this.kind = kind;
        this.text = text;
    }

    /** The type of a word that is no plain identifier, in any case; null if it is one. */
    static @Nullable TokenType ofWord(String word) {
        return word.length() > 12 ? null : WORDS.get(word.toLowerCase(Locale.ROOT));
    }

    Kind kind() {
        return kind;
    }

    String text() {
        return text;
    }

    /** Whether a metric may have this word as its name. */
    boolean isMetricName() {
        return switch (this) {
            case IDENTIFIER, METRIC_IDENTIFIER, AGGREGATION, AND, OR, UNLESS, OFFSET, BY, WITHOUT, START, END -> true;
            default -> false;
        };
    }

    /** Whether a label in {@code by (...)} and the like may have this word as its name. */
    boolean isLabelName() {
        return this == IDENTIFIER
                || this == METRIC_IDENTIFIER
                || kind == Kind.AGGREGATOR
                || kind == Kind.KEYWORD
                || kind == Kind.WORD_OPERATOR;
    }

    /** Whether an expression can begin with it. */
    boolean beginsExpression() {
        return switch (this) {
            case NUMBER, DURATION, STRING, LEFT_PAREN, LEFT_BRACE, ADD, SUBTRACT -> true;
            default -> isMetricName();
        };
    }

    /** The binary operator that this is; null if it is none. */
    @Nullable
    BinaryOperator binaryOperator() {
        return switch (this) {
            case OR -> BinaryOperator.OR;
            case AND -> BinaryOperator.AND;
            case UNLESS -> BinaryOperator.UNLESS;
            case EQUAL_EQUAL -> BinaryOperator.EQUAL;
            case NOT_EQUAL -> BinaryOperator.NOT_EQUAL;
            case GREATER -> BinaryOperator.GREATER;
            case GREATER_OR_EQUAL -> BinaryOperator.GREATER_OR_EQUAL;
            case LESS -> BinaryOperator.LESS;
            case LESS_OR_EQUAL -> BinaryOperator.LESS_OR_EQUAL;
            case ADD -> BinaryOperator.ADD;
            case SUBTRACT -> BinaryOperator.SUBTRACT;
            case MULTIPLY -> BinaryOperator.MULTIPLY;
            case DIVIDE -> BinaryOperator.DIVIDE;
            case MODULO -> BinaryOperator.MODULO;
            case ATAN2 -> BinaryOperator.ATAN2;
            case POWER -> BinaryOperator.POWER;
            default -> null;
        };
    }
}

package dev.weir.promql.parser;

import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.Span;

/** One token: its type, its text as written, and where it starts. */
record Token(TokenType type, String text, int start) {
    private static final int LONGEST_SHOWN = 10;

    Span span() {
        return new Span(start, start + text.length());
    }

    boolean is(TokenType other) {
        return type == other;
    }

    /** As an error message names it. */
    String description() {
        return switch (type.kind()) {
            case VALUE -> type == TokenType.END_OF_INPUT ? "end of input" : type.text() + " " + shown();
            case PUNCTUATION -> GoText.quote(text);
            case OPERATOR, WORD_OPERATOR -> "<op:" + text + ">";
            case AGGREGATOR -> "<aggr:" + text + ">";
            case KEYWORD -> type == TokenType.START || type == TokenType.END ? GoText.quote(text) : "<" + text + ">";
        };
    }

    private String shown() {
        boolean isName = type == TokenType.IDENTIFIER || type == TokenType.METRIC_IDENTIFIER;
        return isName || text.length() <= LONGEST_SHOWN
                ? GoText.quote(text)
                : GoText.quote(text.substring(0, LONGEST_SHOWN)) + "...";
    }
}

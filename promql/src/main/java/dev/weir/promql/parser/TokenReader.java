package dev.weir.promql.parser;

import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokens of one query with two of look-ahead, and the errors that name them. */
final class TokenReader {
    private final String query;
    private final Lexer lexer;
    private @Nullable Token first;
    private @Nullable Token second;
    private Span lastSpan = new Span(0, 0);
    private int openAggregations;

    TokenReader(String query) {
        this.query = query;
        this.lexer = new Lexer(query);
    }

    Token peek() {
        if (first == null) {
            first = lexer.next();
        }
        return first;
    }

    Token peekSecond() {
        peek();
        if (second == null) {
            second = lexer.next();
        }
        return second;
    }

    Token next() {
        Token token = peek();
        first = second;
        second = null;
        lastSpan = token.span();
        return token;
    }

    /** Where the token stands that was taken last. */
    Span lastSpan() {
        return lastSpan;
    }

    boolean takeIf(TokenType type) {
        if (!peek().is(type)) {
            return false;
        }
        next();
        return true;
    }

    Token expect(TokenType type) {
        if (!peek().is(type)) {
            throw unexpected();
        }
        return next();
    }

    Token expect(TokenType type, String context, String expected) {
        if (!peek().is(type)) {
            throw unexpected(context, expected);
        }
        return next();
    }

    void expectEnd() {
        expect(TokenType.END_OF_INPUT);
    }

    /** Label names in parentheses; a comma after the last is allowed. */
    List<String> labelList() {
        expect(TokenType.LEFT_PAREN, "grouping opts", "\"(\"");
        List<String> labels = new ArrayList<>();
        while (!peek().is(TokenType.RIGHT_PAREN)) {
            labels.add(label());
            if (!takeIf(TokenType.COMMA) && !peek().is(TokenType.RIGHT_PAREN)) {
                throw unexpected("grouping opts", "\",\" or \")\"");
            }
        }
        next();
        return labels;
    }

    /** The number of a NUMBER token, or the seconds of a DURATION token. */
    double seconds(Token token) {
        try {
            return token.is(TokenType.DURATION)
                    ? NumberText.parseDurationMillis(token.text()) / 1000.0
                    : NumberText.parseNumber(token.text());
        } catch (NumberFormatException e) {
            throw error(token.span(), String.valueOf(e.getMessage()));
        }
    }

    /** From here on, an error without a context of its own is one in an aggregation. */
    void enterAggregation() {
        openAggregations++;
    }

    void leaveAggregation() {
        openAggregations--;
    }

    /** An error about the token that comes next. */
    PromQlParseException unexpected() {
        return unexpected(openAggregations > 0 ? "aggregation" : "", "");
    }

    /** The same, in some context and with what was expected there. */
    PromQlParseException unexpected(String context, String expected) {
        Token token = peek();
        return error(
                token.span(),
                "unexpected " + token.description()
                        + (context.isEmpty() ? "" : " in " + context)
                        + (expected.isEmpty() ? "" : ", expected " + expected));
    }

    PromQlParseException error(Span span, String problem) {
        return new PromQlParseException(query, span, problem);
    }

    private String label() {
        Token token = peek();
        if (token.is(TokenType.STRING)) {
            String name = StringText.unquote(next().text());
            if (!isValidLabelName(name)) {
                throw error(token.span(), "invalid label name for grouping: " + GoText.quote(name));
            }
            return name;
        }
        if (!token.type().isLabelName()) {
            throw unexpected("grouping opts", "label");
        }
        return next().text();
    }

    /** Any UTF-8 text but the empty one is a label's name. */
    static boolean isValidLabelName(String name) {
        return !name.isEmpty()
                && name.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}

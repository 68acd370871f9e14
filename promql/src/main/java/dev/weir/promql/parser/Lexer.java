package dev.weir.promql.parser;

import dev.weir.promql.ast.GoText;
import dev.weir.promql.ast.Span;

/** Cuts a query into tokens. What is a token depends on the open brace or bracket, which the lexer follows itself. */
final class Lexer {
    private static final int END = -1;
    private static final String ALLOWED_BEFORE_NUMBER = ":()+-*/%^]";
    private static final String END_IN_DURATION = "unexpected end of input in duration expression";

    private final String input;
    private int position;
    private int start;
    private int parenDepth;
    private boolean isBraceOpen;
    private boolean isBracketOpen;
    private boolean sawColon;
    private boolean sawDuration;
    /** Between an opening bracket and the first number in it, where little is allowed. */
    private boolean isBeforeNumber;

    Lexer(String input) {
        this.input = input;
    }

    /** The next token; at the end, again and again the end. @throws PromQlParseException if the text is no token */
    Token next() {
        skipSpaceAndComments();
        start = position;
        if (isBraceOpen) {
            return insideBraces();
        }
        int c = peek();
        if (c == END) {
            if (parenDepth != 0) {
                throw error(isBeforeNumber ? END_IN_DURATION : "unclosed left parenthesis");
            }
            if (isBracketOpen) {
                throw error(isBeforeNumber ? END_IN_DURATION : "unclosed left bracket");
            }
            return emit(TokenType.END_OF_INPUT);
        }
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            sawDuration = true;
            isBeforeNumber = false;
            return numberOrDuration();
        }
        if (isBeforeNumber && ALLOWED_BEFORE_NUMBER.indexOf(c) < 0) {
            throw unexpectedInDuration(c);
        }
        if (c == '"' || c == '\'' || c == '`') {
            return string();
        }
        if (isBracketOpen && c == ':') {
            return colonInBrackets();
        }
        if (isAlpha(c) || c == ':') {
            if (isBracketOpen) {
                throw unexpectedInDuration(c);
            }
            return word();
        }
        return symbol();
    }

    private Token colonInBrackets() {
        if (sawColon) {
            throw error("unexpected colon ':'");
        }
        position++;
        if (!sawDuration) {
            start = position;
            throw error("unexpected colon before duration in duration expression");
        }
        sawColon = true;
        return emit(TokenType.COLON);
    }

    private Token symbol() {
        int c = advance();
        return switch (c) {
            case ',' -> emit(TokenType.COMMA);
            case '*' -> emit(TokenType.MULTIPLY);
            case '/' -> emit(TokenType.DIVIDE);
            case '%' -> emit(TokenType.MODULO);
            case '+' -> emit(TokenType.ADD);
            case '-' -> emit(TokenType.SUBTRACT);
            case '^' -> emit(TokenType.POWER);
            case '@' -> emit(TokenType.AT);
            case '<' -> emitWithEqual(TokenType.LESS, TokenType.LESS_OR_EQUAL);
            case '>' -> emitWithEqual(TokenType.GREATER, TokenType.GREATER_OR_EQUAL);
            case '=' -> {
                if (peek() == '~') {
                    throw error("unexpected character after '=': '~'");
                }
                yield emitWithEqual(TokenType.EQUAL, TokenType.EQUAL_EQUAL);
            }
            case '!' -> {
                int after = advance();
                if (after != '=') {
                    throw error("unexpected character after '!': " + quoted(after));
                }
                yield emit(TokenType.NOT_EQUAL);
            }
            default -> bracket(c);
        };
    }

    private Token bracket(int c) {
        switch (c) {
            case '(' -> {
                parenDepth++;
                return emit(TokenType.LEFT_PAREN);
            }
            case ')' -> {
                if (--parenDepth < 0) {
                    start = position;
                    throw error("unexpected right parenthesis ')'");
                }
                return emit(TokenType.RIGHT_PAREN);
            }
            case '{' -> {
                isBraceOpen = true;
                return emit(TokenType.LEFT_BRACE);
            }
            case '[' -> {
                if (isBracketOpen) {
                    throw error("unexpected left bracket '['");
                }
                isBracketOpen = true;
                isBeforeNumber = true;
                sawColon = false;
                return emit(TokenType.LEFT_BRACKET);
            }
            case ']' -> {
                if (!isBracketOpen) {
                    throw error("unexpected right bracket ']'");
                }
                isBracketOpen = false;
                isBeforeNumber = false;
                return emit(TokenType.RIGHT_BRACKET);
            }
            default -> {
                if (isBracketOpen) {
                    throw unexpectedInDuration(c);
                }
                throw error("unexpected character: " + quoted(c));
            }
        }
    }

    private Token insideBraces() {
        int c = peek();
        if (c == END) {
            throw error("unexpected end of input inside braces");
        }
        if (isAlpha(c)) {
            while (isAlphaNumeric(peek())) {
                position++;
            }
            return emit(TokenType.IDENTIFIER);
        }
        if (c == '"' || c == '\'' || c == '`') {
            return string();
        }
        advance();
        switch (c) {
            case ',' -> {
                return emit(TokenType.COMMA);
            }
            case '=' -> {
                if (peek() == '~') {
                    position++;
                    return emit(TokenType.MATCHES);
                }
                return emit(TokenType.EQUAL);
            }
            case '!' -> {
                int after = advance();
                if (after == '~') {
                    return emit(TokenType.MATCHES_NOT);
                }
                if (after == '=') {
                    return emit(TokenType.NOT_EQUAL);
                }
                throw error("unexpected character after '!' inside braces: " + quoted(after));
            }
            case '{' -> throw error("unexpected left brace '{'");
            case '}' -> {
                isBraceOpen = false;
                return emit(TokenType.RIGHT_BRACE);
            }
            default -> throw error("unexpected character inside braces: " + quoted(c));
        }
    }

    private Token word() {
        while (isAlphaNumeric(peek()) || peek() == ':') {
            position++;
        }
        String word = input.substring(start, position);
        TokenType keyword = TokenType.ofWord(word);
        if (keyword != null) {
            return emit(keyword);
        }
        return emit(word.indexOf(':') < 0 ? TokenType.IDENTIFIER : TokenType.METRIC_IDENTIFIER);
    }

    private Token numberOrDuration() {
        int end = NumberText.numberEnd(input, position);
        if (end > 0 && !isAlphaNumeric(charAt(end)) && charAt(end) != '.') {
            position = end;
            return emit(TokenType.NUMBER);
        }
        end = NumberText.durationEnd(input, position);
        if (end > 0 && !isAlphaNumeric(charAt(end))) {
            position = end;
            return emit(TokenType.DURATION);
        }
        while (isAlphaNumeric(peek()) || peek() == '.') {
            position++;
        }
        throw error("bad number or duration syntax: " + GoText.quote(input.substring(start, position)));
    }

    private Token string() {
        int quote = advance();
        while (true) {
            int c = advance();
            if (c == quote) {
                return emit(TokenType.STRING);
            }
            if (c == END || (c == '\n' && quote != '`')) {
                throw error(quote == '`' ? "unterminated raw string" : "unterminated quoted string");
            }
            if (c == '\\' && quote != '`') {
                position = StringText.escapeEnd(input, position, quote, problem -> error(problem));
            }
        }
    }

    private void skipSpaceAndComments() {
        while (true) {
            int c = peek();
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                position++;
            } else if (c == '#') {
                while (peek() != END && peek() != '\n' && peek() != '\r') {
                    position++;
                }
            } else {
                return;
            }
        }
    }

    private Token emit(TokenType type) {
        return new Token(type, input.substring(start, position), start);
    }

    private Token emitWithEqual(TokenType alone, TokenType withEqual) {
        if (peek() != '=') {
            return emit(alone);
        }
        position++;
        return emit(withEqual);
    }

    private PromQlParseException unexpectedInDuration(int c) {
        return error("unexpected character in duration expression: " + quoted(c));
    }

    private PromQlParseException error(String problem) {
        return new PromQlParseException(input, new Span(start, input.length()), problem);
    }

    private int peek() {
        return peek(0);
    }

    private int peek(int ahead) {
        return charAt(position + ahead);
    }

    private int charAt(int at) {
        return at < input.length() ? input.charAt(at) : END;
    }

    /** Takes one whole code point. */
    private int advance() {
        if (position >= input.length()) {
            return END;
        }
        int c = input.codePointAt(position);
        position += Character.charCount(c);
        return c;
    }

    private static String quoted(int c) {
        return c == END ? "'\ufffd'" : GoText.quoteChar(c);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAlpha(int c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isAlphaNumeric(int c) {
        return isAlpha(c) || isDigit(c);
    }
}

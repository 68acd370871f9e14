package dev.weir.promql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts are those that Prometheus 3.5 gives. */
class ParserErrorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "1 + | 1:4: parse error: unexpected end of input",
                "foo bar | 1:5: parse error: unexpected identifier \"bar\"",
                ".5.5 | 1:1: parse error: bad number or duration syntax: \".5.5\"",
                "*1 | 1:1: parse error: unexpected <op:*>",
                "(1)) | 1:5: parse error: unexpected right parenthesis ')'",
                "((1) | 1:5: parse error: unclosed left parenthesis",
                "foo{ | 1:5: parse error: unexpected end of input inside braces",
                "foo{a=\"b | 1:7: parse error: unterminated quoted string",
                "foo{a~\"b\"} | 1:6: parse error: unexpected character inside braces: '~'",
                "foo{a=5} | 1:7: parse error: unexpected character inside braces: '5'",
                "foo{a} | 1:6: parse error: unexpected \"}\" in label matching, expected label matching operator",
                "{} | 1:1: parse error: vector selector must contain at least one non-empty matcher",
                "{a=~\".*\"} | 1:1: parse error: vector selector must contain at least one non-empty matcher",
                "foo{__name__=\"bar\"} | 1:1: parse error: metric name must not be set twice: \"foo\" or \"bar\"",
                "unknown(1) | 1:1: parse error: unknown function with name \"unknown\"",
                "rate(foo) | 1:6: parse error: expected type range vector in call to function \"rate\", got instant vector",
                "rate() | 1:1: parse error: expected 1 argument(s) in call to \"rate\", got 0",
                "round() | 1:1: parse error: expected at least 1 argument(s) in call to \"round\", got 0",
                "round(a, 1, 2) | 1:1: parse error: expected at most 2 argument(s) in call to \"round\", got 3",
                "sum(1) | 1:5: parse error: expected type instant vector in aggregation expression, got scalar",
                "sum() | 1:1: parse error: no arguments for aggregate expression provided",
                "topk(foo) | 1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1",
                "1 == 1 | 1:3: parse error: comparisons between scalars must use BOOL modifier",
                "1 + bool 2 | 1:3: parse error: bool modifier can only be used on comparison operators",
                "1 and 1 | 1:1: parse error: set operator \"and\" not allowed in binary scalar expression",
                "foo and on(a) group_left(b) bar | 1:1: parse error: no grouping allowed for \"and\" operation",
                "foo + on(a) group_left(a) bar | 1:5: parse error: label \"a\" must not occur in ON and GROUP clause at once",
                "foo[5m] + 1 | 1:1: parse error: binary expression must contain only scalar and instant vector types",
                "foo[5m][5m] | 1:8: parse error: ranges only allowed for vector selectors",
                "foo offset 5m [5m] | 1:15: parse error: no offset modifiers allowed before range",
                "foo offset 5m offset 5m | 1:1: parse error: offset may not be set multiple times",
                "foo @ 1 @ 2 | 1:1: parse error: @ <timestamp> may not be set multiple times",
                "foo[0s] | 1:5: parse error: duration must be greater than 0",
                "foo[5m | 1:7: parse error: unclosed left bracket",
                "1[5m:1m] | 1:1: parse error: subquery is only allowed on instant vector, got scalar instead",
                "-\"a\" | 1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got \"string\"",
                "\"\\q\" | 1:1: parse error: unknown escape sequence U+0071 'q'",
                "sum by (a(foo) | 1:10: parse error: unexpected \"(\" in grouping opts, expected \",\" or \")\"",
                "foo offset | 1:11: parse error: unexpected end of input in offset, expected number or duration",
                "foo @ | 1:6: parse error: unexpected end of input in @, expected timestamp",
                "sum(abs(foo bar)) | 1:13: parse error: unexpected identifier \"bar\" in aggregation",
                "sum by (a) | 1:11: parse error: unexpected end of input in aggregation",
                "sum(foo) foo | 1:10: parse error: unexpected identifier \"foo\"",
                "foo start() | 1:5: parse error: unexpected \"start\"",
                "abs(foo, *) | 1:8: parse error: trailing commas not allowed in function call args",
                "unknown(1 | 1:10: parse error: unclosed left parenthesis",
                "foo[ | 1:5: parse error: unexpected end of input in duration expression",
                "foo[!5m] | 1:5: parse error: unexpected character in duration expression: '!'",
                "foo[:] | 1:6: parse error: unexpected colon before duration in duration expression",
                "foo[5m:1m:] | 1:10: parse error: unexpected colon ':'",
                "foo! | 1:4: parse error: unexpected character after '!': '\ufffd'",
                "foo[(5m] | 1:8: parse error: unexpected \"]\" in subquery selector, expected number or duration",
                "foo[5m+] | 1:8: parse error: unexpected \"]\" in subquery selector, expected number or duration",
                "foo offset (5m+) | 1:16: parse error: unexpected \")\" in offset, expected number or duration",
                "rate(foo[5m],) | 1:13: parse error: trailing commas not allowed in function call args",
            })
    void errorSaysWhatIsWrongAndWhere(String query, String message) {
        PromQlParseException error = assertThrows(PromQlParseException.class, () -> Parser.parse(query));

        assertEquals(message, error.getMessage());
    }

    @Test
    void positionCountsLinesAndBytes() {
        PromQlParseException error =
                assertThrows(PromQlParseException.class, () -> Parser.parse("{\"ä€\"}\n + {a=\"ü\"} *"));

        assertEquals("2:14: parse error: unexpected end of input", error.getMessage());
    }

    @Test
    void emptyQueryIsAnError() {
        assertEquals(
                "unknown position: parse error: no expression found in input",
                assertThrows(PromQlParseException.class, () -> Parser.parse("")).getMessage());
    }

    @Test
    void wrongRegularExpressionIsAnErrorWithPosition() {
        String message = assertThrows(PromQlParseException.class, () -> Parser.parse("foo{a=~\"(\"}"))
                .getMessage();

        assertTrue(String.valueOf(message).startsWith("1:5: parse error: error parsing regexp"), message);
    }
}

package dev.weir.promql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.promql.answers.SampleData;
import dev.weir.promql.ast.Expr;
import dev.weir.promql.ast.Printer;
import dev.weir.promql.ast.Span;
import dev.weir.promql.generator.RandomQueries;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrinterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "1e6|1000000",
                "0x1F|31",
                "5m|5m",
                "-90s|-1m30s",
                "inf|+Inf",
                "foo { b=\"2\" , a!~'1' }|foo{a!~\"1\",b=\"2\"}",
                "{\"a.b\",\"c.d\"=\"e\"}|{\"c.d\"=\"e\",__name__=\"a.b\"}",
                "foo[300]|foo[5m]",
                "foo[5m+30s]|foo[5m + 30s]",
                "foo[1h:5m] offset -5m @ 10|foo[1h:5m] @ 10.000 offset -5m",
                "foo[1h:]@start()|foo[1h:] @ start()",
                "sum(foo)by(a,b)|sum by (a, b) (foo)",
                "SUM without(a) (foo)|sum without (a) (foo)",
                "topk(5,foo)|topk(5, foo)",
                "a+on(x)group_left(y)b|a + on (x) group_left (y) b",
                "a==bool b|a == bool b",
                "a or b and c unless d|a or b and c unless d",
                "-(a+b)^2|-(a + b) ^ 2",
                "histogram_quantile(.9,sum by(le)(rate(foo[5m])))|histogram_quantile(0.9, sum by (le) (rate(foo[5m])))",
                "label_replace(a,'b','\\n\"','c','')|label_replace(a, \"b\", \"\\n\\\"\", \"c\", \"\")",
            })
    void printsTheCanonicalForm(String query, String canonical) {
        assertEquals(canonical, Printer.print(Parser.parse(query)));
    }

    /** Recorded from Prometheus 3.5.3. */
    @Test
    void subqueryThatFitsOnALineIsNotIndented() {
        String query = "max_over_time((label_join(rate({env=\"1\"}[10m]), \"__name__\", \"_\", \"__name__\", \"env\"))"
                + "[5m:15s] @ end() offset -1h)";

        assertEquals(
                "max_over_time(\n(label_join(rate({env=\"1\"}[10m]), \"__name__\", \"_\", \"__name__\", \"env\"))"
                        + "[5m:15s] @ end() offset -1h\n)",
                Printer.pretty(Parser.parse(query)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void printedExpressionsParseToThemselves(long seed) {
        RandomQueries queries = new RandomQueries(seed, SampleData.vocabulary());
        for (int i = 0; i < 300; i++) {
            String query = queries.next().text();
            Expr expr = Parser.parse(query);
            String printed = Printer.print(expr);

            assertEquals(withoutSpans(expr), withoutSpans(Parser.parse(printed)), "seed " + seed + ": " + query);
            assertEquals(printed, Printer.print(Parser.parse(printed)), "seed " + seed + ": " + query);
            assertEquals(printed, Printer.print(Parser.parse(Printer.pretty(expr))), "seed " + seed + ": " + query);
        }
    }

    @Test
    void prettyBreaksLongExpressionsOnly() {
        String shortOne = "sum by (a) (rate(foo[5m]))";
        String longOne =
                shortOne + " / " + "sum by (a) (rate(a_rather_long_metric_name_total{label=\"value\"}[5m]))" + " + 1";

        assertEquals(shortOne, Printer.pretty(Parser.parse(shortOne)));
        assertTrue(Printer.pretty(Parser.parse(longOne)).lines().count() > 1);
    }

    /** Records compare by their parts, of which positions and the order of matchers do not count. */
    private static String withoutSpans(Expr expr) {
        String text = expr.toString().replaceAll(Span.class.getSimpleName() + "\\[[^\\]]*\\]", "");
        return Pattern.compile("matchers=\\[(.*?)\\], time")
                .matcher(text)
                .replaceAll(matchers -> "matchers="
                        + Matcher.quoteReplacement(Stream.of(matchers.group(1).split(", "))
                                .sorted()
                                .toList()
                                .toString()));
    }
}

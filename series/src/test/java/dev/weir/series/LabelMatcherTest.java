package dev.weir.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.PatternSyntaxException;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelMatcherTest {
    private static final long MAX_ALLOCATED_BYTES = 50L << 20;

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a|b a",
                "a|b b",
                "(a|b) b",
                "(?:a|b) a",
                "10\\.0\\.0\\.1:80 10.0.0.1:80",
                "(a\\|b|c) a|b",
                "\\(a\\) (a)"
            })
    void listOfLiteralsMatchesEachOfThem(String regex, String value) {
        LabelMatcher matcher = new LabelMatcher(LabelMatcher.Type.REGEX, "l", regex);

        assertTrue(matcher.matches(value));
        assertFalse(matcher.matches(value + "x"));
        Set<String> literals = matcher.literalValues();
        assertTrue(literals != null && literals.contains(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a.", "(a)|(b)", "\\d", "a\\", "(a", "(?i)a", "(?i:a)", "a{2}", "\\Qa\\E", "^a$", "(?:a", "(a\\)"
            })
    void anyOtherExpressionIsNoList(String regex) {
        try {
            assertNull(new LabelMatcher(LabelMatcher.Type.REGEX, "l", regex).literalValues());
        } catch (PatternSyntaxException e) {
            assertFalse(e.getDescription().isEmpty());
        }
    }

    @Test
    void parenthesisThatWasNeverOpenedCannotEscapeTheAnchors() {
        assertThrows(PatternSyntaxException.class, () -> new LabelMatcher(LabelMatcher.Type.REGEX, "l", "a)(b.*"));
        assertThrows(PatternSyntaxException.class, () -> new LabelMatcher(LabelMatcher.Type.REGEX, "l", "a)|(b.*"));
        assertTrue(new LabelMatcher(LabelMatcher.Type.REGEX, "l", "[)(]+\\).").matches(")()x"));
    }

    @Test
    void thousandsOfEscapedAlternativesAreNoLargeExpression() {
        String regex =
                IntStream.range(0, 10_000).mapToObj(i -> "10\\.0\\.0\\." + i).collect(Collectors.joining("|"));

        assertTrue(new LabelMatcher(LabelMatcher.Type.REGEX, "l", regex).matches("10.0.0.7777"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a{1000}){1000}",
                "((a{100}){100}){100}",
                "(((a{10}){10}){10}){10}",
                "(\\pL\\pN){900}",
                "(x{0,1000}y{0,1000}z{0,1000})",
                "((a|b|c|d){100}e?){9}"
            })
    void expressionThatRepeatsTooMuchIsRefusedBeforeItIsCompiled(String bomb) {
        long allocated =
                allocatedBy(() -> assertThrows(PatternSyntaxException.class, () -> LabelMatcher.anchored(bomb)));

        assertTrue(allocated < 1 << 20, allocated + " bytes");
    }

    /** Just within the limits, in every way that makes compiling or matching costly. */
    static List<String> largest() {
        return List.of(
                ".".repeat(19_000),
                "k".repeat(1_000),
                "(?i)" + "k".repeat(990),
                "(?i)" + ("k".repeat(990) + ".").repeat(19),
                "a?".repeat(2_200),
                "(a?)".repeat(330),
                "(a*)*".repeat(280),
                "x{0,1000}x{0,1000}",
                "(x{0,900}){1}",
                String.join("|", Collections.nCopies(2_000, "k.")),
                "[^a]{1000}".repeat(15),
                "\\pL".repeat(190),
                "(".repeat(390) + "a" + ")".repeat(390),
                ".*".repeat(2_000) + "x");
    }

    @ParameterizedTest
    @MethodSource("largest")
    void largestExpressionsCompileAndMatchOnASmallStackInLittleMemory(String regex) throws InterruptedException {
        String value = "ka".repeat(64);
        String[] failure = {"nothing ran"};
        Thread small = new Thread(
                null,
                () -> {
                    try {
                        long allocated = allocatedBy(() -> {
                            var matcher = LabelMatcher.anchored(regex).matcher(value);
                            if (matcher.matches() && matcher.groupCount() > 0) {
                                matcher.group(1);
                            }
                        });
                        failure[0] = allocated > MAX_ALLOCATED_BYTES ? allocated + " bytes" : "";
                    } catch (PatternSyntaxException | StackOverflowError e) {
                        failure[0] = e.toString();
                    }
                },
                "small-stack",
                1 << 20);
        small.start();
        small.join();

        assertEquals("", failure[0]);
    }

    private static long allocatedBy(Runnable action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        action.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}

package dev.weir.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.PatternSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelsTest {
    @Test
    void namesAreSortedInByteOrderWhateverOrderTheyCameIn() {
        Labels labels = Labels.of("b", "1", "A", "2", "_", "3", "a", "4");

        assertEquals(List.of("A", "_", "a", "b"), List.copyOf(labels.toMap().keySet()));
    }

    @Test
    void byteOrderIsThatOfUtf8EvenWhereJavasOwnOrderDiffers() {
        Random random = new Random(7);
        int[] codePoints = {'a', 'z', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
        for (int round = 0; round < 2000; round++) {
            String a = randomText(random, codePoints);
            String b = randomText(random, codePoints);
            int expected =
                    Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
            assertEquals(Integer.signum(expected), Integer.signum(Labels.BYTE_ORDER.compare(a, b)), a + " and " + b);
        }
    }

    @Test
    void emptyLabelIsNoLabel() {
        assertEquals(Labels.of("a", "1"), Labels.of("a", "1", "b", ""));
        assertEquals(Labels.EMPTY, Labels.of("a", "1").toBuilder().set("a", "").build());
        assertNull(Labels.of("b", "").get("b"));
    }

    @Test
    void lastValueOfANameWins() {
        assertEquals("2", Labels.of("a", "1", "a", "2").get("a"));
    }

    @Test
    void oddNumberOfStringsIsRejected() {
        assertThrows(IllegalArgumentException.class, () -> Labels.of("a"));
    }

    @Test
    void aPrefixSortsBeforeWhatItBegins() {
        List<Labels> sorted = new ArrayList<>(
                List.of(Labels.of("a", "1", "b", "2"), Labels.of("a", "2"), Labels.of("a", "1"), Labels.EMPTY));
        sorted.sort(null);

        assertEquals(
                List.of(Labels.EMPTY, Labels.of("a", "1"), Labels.of("a", "1", "b", "2"), Labels.of("a", "2")), sorted);
    }

    @Test
    void matchersAreAnchoredAtBothEnds() {
        LabelMatcher matcher = new LabelMatcher(LabelMatcher.Type.REGEX, "a", "b|c.");

        assertTrue(matcher.matches("b"));
        assertTrue(matcher.matches("cx"));
        assertFalse(matcher.matches("bx"));
        assertFalse(matcher.matches("xcx"));
    }

    @Test
    void dotMatchesLineEnds() {
        assertTrue(new LabelMatcher(LabelMatcher.Type.REGEX, "a", "b.c").matches("b\nc"));
    }

    @Test
    void missingLabelMatchesAsTheEmptyString() {
        assertTrue(new LabelMatcher(LabelMatcher.Type.EQUAL, "a", "").matches(Labels.EMPTY));
        assertTrue(new LabelMatcher(LabelMatcher.Type.NOT_REGEX, "a", ".+").matchesEmpty());
        assertFalse(new LabelMatcher(LabelMatcher.Type.NOT_EQUAL, "a", "").matchesEmpty());
    }

    @Test
    void unbalancedParenthesisCannotEscapeTheAnchors() {
        assertThrows(PatternSyntaxException.class, () -> new LabelMatcher(LabelMatcher.Type.REGEX, "a", "b)|(c"));
    }

    @Test
    void regularExpressionsThatWouldBecomeHugeAreRejectedAtOnce() {
        for (String regex : List.of(
                "((a{100}){100}){100}",
                "(a{1000}){1000}",
                "(" + "abcdefghij".repeat(20) + "){1000}",
                "(".repeat(50_000) + ")".repeat(50_000),
                "\\pL".repeat(2000))) {
            assertThrows(PatternSyntaxException.class, () -> new LabelMatcher(LabelMatcher.Type.REGEX, "a", regex));
        }
    }

    @Test
    void everyWayOfMatchingAgreesWithThePattern() {
        for (String regex : List.of(
                "",
                "a",
                "a|b",
                "|a",
                "a.*",
                "a.+",
                ".*",
                ".+",
                "a|b.*",
                "(a|b)",
                "[ab]x?",
                "a\\.b",
                "(a){2,3}",
                "a{x}")) {
            LabelMatcher matcher = new LabelMatcher(LabelMatcher.Type.REGEX, "l", regex);
            LabelMatcher opposite = new LabelMatcher(LabelMatcher.Type.NOT_REGEX, "l", regex);
            for (String text : List.of("", "a", "b", "ab", "a\n", "ba", "bx", "a.b", "aa", "aaaa", "a{x}")) {
                boolean expected = LabelMatcher.anchored(regex).matches(text);
                assertEquals(expected, matcher.matches(text), regex + " on " + text);
                assertEquals(!expected, opposite.matches(text), regex + " on " + text);
            }
        }
    }

    @Test
    void literalValuesAreThoseOfPlainAlternativesOnly() {
        assertEquals(Set.of("a", "b"), new LabelMatcher(LabelMatcher.Type.REGEX, "l", "a|b").literalValues());
        assertNull(new LabelMatcher(LabelMatcher.Type.REGEX, "l", "a|b.*").literalValues());
        assertNull(new LabelMatcher(LabelMatcher.Type.NOT_EQUAL, "l", "a").literalValues());
    }

    private static String randomText(Random random, int[] codePoints) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
        }
        return text.toString();
    }
}

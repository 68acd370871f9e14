package dev.weir.configuration.relabel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.series.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The behaviour that Prometheus documents, rule by rule. */
class RelabelRuleTest {
    private static final Labels GIVEN = Labels.of("a", "foo", "b", "bar", "c", "baz");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    # source | separator | regex      | target  | replacement   | result
                    a        | ;         | f(.*)      | d       | ch${1}-ch${1} | a=foo b=bar c=baz d=choo-choo
                    a        | ;         | f(.*)      | d       | ch$1          | a=foo b=bar c=baz d=choo
                    a        | ;         | o(.*)      | d       | x             | a=foo b=bar c=baz
                    a,b      | ;         | f(.*);(.*)r| a       | b${1}${2}m    | a=boobam b=bar c=baz
                    a,b      | -         | foo-bar    | d       | yes           | a=foo b=bar c=baz d=yes
                    a        | ;         | (.*)       | a       | ``            | b=bar c=baz
                    none     | ;         | ``         | d       | empty         | a=foo b=bar c=baz d=empty
                    a        | ;         | (.*)       | ${1}    | x             | a=foo b=bar c=baz foo=x
                    a        | ;         | f(.*)      | ${2}    | x             | a=foo b=bar c=baz
                    a        | ;         | (?P<n>.)oo | d       | ${n}$n$1      | a=foo b=bar c=baz d=fff
                    a        | ;         | (.)oo      | d       | $1x$$1${1}    | a=foo b=bar c=baz d=$1f
                    a        | ;         | (.)oo      | d       | $-${1-$       | a=foo b=bar c=baz d=$-${1-$
                    """)
    void replaceExpandsGroupsOfAWholeMatch(
            String source, String separator, String regex, String target, String replacement, String result) {
        assertReplaced(source, separator, regex, target, replacement, result);
    }

    /** A regular expression with an alternative, which the table's delimiter forbids. */
    @Test
    void alternativesAreAnchoredAsOne() {
        assertReplaced("a", ";", "fo|foo", "d", "x", "a=foo b=bar c=baz d=x");
        assertReplaced("a", ";", "f|o", "d", "x", "a=foo b=bar c=baz");
        assertReplaced("a", ";", "(.)oo|(x)", "d", "[$2]", "a=foo b=bar c=baz d=[]");
    }

    @Test
    void keepAndDropLookAtTheWholeValue() {
        assertEquals(GIVEN, rule(RelabelAction.KEEP, "a", "f.*", "").apply(GIVEN));
        assertNull(rule(RelabelAction.KEEP, "a", "f", "").apply(GIVEN));
        assertNull(rule(RelabelAction.DROP, "a", "f.*", "").apply(GIVEN));
        assertEquals(GIVEN, rule(RelabelAction.DROP, "a", "f", "").apply(GIVEN));
        assertNull(rule(RelabelAction.KEEP, "none", ".+", "").apply(GIVEN));
    }

    @Test
    void keepequalAndDropequalCompareWithTheTarget() {
        Labels same = Labels.of("a", "1", "b", "1", "c", "2");
        assertEquals(same, rule(RelabelAction.KEEPEQUAL, "a", "(.*)", "b").apply(same));
        assertNull(rule(RelabelAction.KEEPEQUAL, "a", "(.*)", "c").apply(same));
        assertNull(rule(RelabelAction.DROPEQUAL, "a", "(.*)", "b").apply(same));
        assertEquals(same, rule(RelabelAction.DROPEQUAL, "a", "(.*)", "c").apply(same));
    }

    @Test
    void hashmodTakesTheLastEightBytesOfMd5() {
        RelabelRule rule =
                new RelabelRule(RelabelAction.HASHMOD, List.of("c"), ";", RelabelRule.compile("(.*)"), 1000, "d", "$1");
        assertEquals(Labels.of("c", "baz", "d", "976"), rule.apply(Labels.of("c", "baz")));
    }

    @Test
    void labelmapCopiesMatchingNames() {
        Labels meta = Labels.of("__meta_my_bar", "aaa", "__meta_my_baz", "bbb", "other", "c");
        assertEquals(
                meta.toBuilder().set("bar", "aaa").set("baz", "bbb").build(),
                labelmap("__meta_(my)_(.*)", "$2").apply(meta));
        assertEquals(
                meta.toBuilder().set("x_other", "c").build(),
                labelmap("(oth.*)", "x_$1").apply(meta));
    }

    @Test
    void labeldropAndLabelkeepLookAtNames() {
        Labels labels = Labels.of("a", "1", "ab", "2", "b", "3");
        assertEquals(
                Labels.of("b", "3"),
                rule(RelabelAction.LABELDROP, "", "a.*", "").apply(labels));
        assertEquals(
                Labels.of("a", "1", "ab", "2"),
                rule(RelabelAction.LABELKEEP, "", "a.*", "").apply(labels));
        assertEquals(
                Labels.of("ab", "2", "b", "3"),
                rule(RelabelAction.LABELDROP, "", "a", "").apply(labels));
    }

    @Test
    void caseIsFolded() {
        Labels labels = Labels.of("a", "bAr123Foo");
        assertEquals(
                labels.toBuilder().set("l", "bar123foo").build(),
                rule(RelabelAction.LOWERCASE, "a", "(.*)", "l").apply(labels));
        assertEquals(
                labels.toBuilder().set("u", "BAR123FOO").build(),
                rule(RelabelAction.UPPERCASE, "a", "(.*)", "u").apply(labels));
    }

    @Test
    void dotMatchesLineEnds() {
        Labels labels = Labels.of("a", "one\ntwo");
        assertNull(rule(RelabelAction.DROP, "a", "one.two", "").apply(labels));
    }

    @Test
    void rulesApplyInOrderUntilOneDrops() {
        List<RelabelRule> rules =
                List.of(replace("a", ";", "(.*)", "b", "$1$1"), replace("b", ";", "foofoo", "c", "seen"));
        assertEquals(Labels.of("a", "foo", "b", "foofoo", "c", "seen"), RelabelRule.apply(rules, GIVEN));
        assertNull(RelabelRule.apply(
                List.of(rule(RelabelAction.DROP, "a", "foo", ""), replace("a", ";", "(.*)", "b", "x")), GIVEN));
        assertEquals(GIVEN, RelabelRule.apply(List.of(), GIVEN));
    }

    @Test
    void partsThatAnActionWouldIgnoreAreErrors() {
        assertThrows(IllegalArgumentException.class, () -> rule(RelabelAction.LABELDROP, "a", "x", ""));
        assertThrows(IllegalArgumentException.class, () -> rule(RelabelAction.KEEPEQUAL, "a", "x", "b"));
        assertThrows(IllegalArgumentException.class, () -> rule(RelabelAction.LOWERCASE, "a", "x", ""));
        assertThrows(IllegalArgumentException.class, () -> rule(RelabelAction.HASHMOD, "a", "x", "b"));
        assertThrows(IllegalArgumentException.class, () -> labelmap("x", ""));
        assertThrows(IllegalArgumentException.class, () -> RelabelRule.compile("("));
        assertThrows(IllegalArgumentException.class, () -> RelabelRule.compile("(?=x)"));
    }

    private static void assertReplaced(
            String source, String separator, String regex, String target, String replacement, String result) {
        Labels.Builder expected = Labels.builder();
        for (String label : result.split(" ")) {
            expected.set(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
        }
        assertEquals(
                expected.build(),
                replace(source, separator, regex, target, replacement).apply(GIVEN));
    }

    private static RelabelRule replace(
            String source, String separator, String regex, String target, String replacement) {
        return new RelabelRule(
                RelabelAction.REPLACE,
                List.of(source.split(",")),
                separator,
                RelabelRule.compile(regex),
                0,
                target,
                replacement);
    }

    private static RelabelRule rule(RelabelAction action, String source, String regex, String target) {
        return new RelabelRule(
                action,
                source.isEmpty() ? List.of() : List.of(source),
                ";",
                RelabelRule.compile(regex),
                0,
                target,
                "$1");
    }

    private static RelabelRule labelmap(String regex, String replacement) {
        return new RelabelRule(RelabelAction.LABELMAP, List.of(), ";", RelabelRule.compile(regex), 0, "", replacement);
    }
}

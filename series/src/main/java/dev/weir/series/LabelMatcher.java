package dev.weir.series;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one label, as in a PromQL selector. Regular expressions are RE2, anchored at both ends, and {@code .}
 * matches line ends. A missing label matches as if its value were "". Immutable.
 */
public final class LabelMatcher {
    /** How a value is compared. */
    public enum Type {
        EQUAL("="),
        NOT_EQUAL("!="),
        REGEX("=~"),
        NOT_REGEX("!~");

        private final String operator;

        Type(String operator) {
            this.operator = operator;
        }

        public String operator() {
            return operator;
        }
    }

    private static final String SPECIAL_CHARACTERS = "\\.+*?()[]{}^$";

    private final Type type;
    private final String name;
    private final String value;
    private final Predicate<String> positive;
    private final @Nullable Set<String> literals;

    /** @throws PatternSyntaxException if {@code value} should be a regular expression and is none, or is too large */
    public LabelMatcher(Type type, String name, String value) {
        this.type = type;
        this.name = name;
        this.value = value;
        boolean isRegex = type == Type.REGEX || type == Type.NOT_REGEX;
        this.literals = isRegex ? literalAlternatives(value) : Set.of(value);
        this.positive = literals != null ? literals::contains : matching(value);
    }

    /**
     * The RE2 pattern that matches whole strings, with {@code .} matching line ends.
     *
     * @throws PatternSyntaxException if it is none, nests deeper than 1,000 or repeats more than 1,000 times, or would
     *     compile to more than 20,000 instructions
     */
    public static Pattern anchored(String regex) {
        if (RegexSize.isUnbalanced(regex)) {
            // Alone it is refused; between the anchors it would escape them.
            Pattern.compile(regex, Pattern.DOTALL);
        }
        return Pattern.compile("^(?s:" + regex + ")$");
    }

    /**
     * The only values that satisfy the matcher, if it is {@code =}, or {@code =~} with plain alternatives such as
     * {@code a|b}; null if others may.
     */
    public @Nullable Set<String> literalValues() {
        return type == Type.EQUAL || type == Type.REGEX ? literals : null;
    }

    public Type type() {
        return type;
    }

    public String name() {
        return name;
    }

    public String value() {
        return value;
    }

    public boolean matches(@Nullable String labelValue) {
        String actual = labelValue == null ? "" : labelValue;
        return switch (type) {
            case EQUAL -> actual.equals(value);
            case NOT_EQUAL -> !actual.equals(value);
            case REGEX -> positive.test(actual);
            case NOT_REGEX -> !positive.test(actual);
        };
    }

    public boolean matches(Labels labels) {
        return matches(labels.get(name));
    }

    /** Whether a series without the label matches. */
    public boolean matchesEmpty() {
        return matches("");
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof LabelMatcher other
                && type == other.type
                && name.equals(other.name)
                && value.equals(other.value);
    }

    @Override
    public int hashCode() {
        return (type.hashCode() * 31 + name.hashCode()) * 31 + value.hashCode();
    }

    @Override
    public String toString() {
        return name + type.operator + '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** What {@code a|b\.c} or {@code (a|b)} lists; null if the expression is no such list. */
    private static @Nullable Set<String> literalAlternatives(String regex) {
        String list = withoutGroup(regex);
        Set<String> alternatives = new HashSet<>();
        StringBuilder alternative = new StringBuilder();
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (c == '|') {
                alternatives.add(alternative.toString());
                alternative.setLength(0);
            } else if (c == '\\' && i + 1 < list.length() && isPunctuation(list.charAt(i + 1))) {
                alternative.append(list.charAt(++i));
            } else if (SPECIAL_CHARACTERS.indexOf(c) >= 0) {
                return null;
            } else {
                alternative.append(c);
            }
        }
        alternatives.add(alternative.toString());
        return Set.copyOf(alternatives);
    }

    private static String withoutGroup(String regex) {
        if (!regex.startsWith("(") || !regex.endsWith(")")) {
            return regex;
        }
        return regex.substring(regex.startsWith("(?:") ? 3 : 1, regex.length() - 1);
    }

    /** Such a character stands for itself behind a backslash. */
    private static boolean isPunctuation(char c) {
        return c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
    }

    /** Prefixes are so frequent that they get by without the regular expression. */
    private static Predicate<String> matching(String regex) {
        Pattern pattern = anchored(regex);
        if (regex.endsWith(".*") || regex.endsWith(".+")) {
            String prefix = regex.substring(0, regex.length() - 2);
            Set<String> literal = literalAlternatives(prefix);
            if (literal != null && literal.size() == 1 && prefix.indexOf('|') < 0) {
                int atLeast = regex.endsWith("+") ? prefix.length() + 1 : prefix.length();
                return text -> text.length() >= atLeast && text.startsWith(prefix);
            }
        }
        return pattern::matches;
    }
}

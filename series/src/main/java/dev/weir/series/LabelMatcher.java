package dev.weir.series;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
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

    private final Type type;
    private final String name;
    private final String value;
    private final @Nullable Pattern pattern;

    /** @throws PatternSyntaxException if {@code value} should be a regular expression and is none */
    public LabelMatcher(Type type, String name, String value) {
        this.type = type;
        this.name = name;
        this.value = value;
        this.pattern = type == Type.REGEX || type == Type.NOT_REGEX ? anchored(value) : null;
    }

    /** The RE2 pattern that matches whole strings, with {@code .} matching line ends. */
    public static Pattern anchored(String regex) {
        // Compiled first on its own, so that an unbalanced ")" cannot escape the anchors.
        Pattern.compile(regex, Pattern.DOTALL);
        return Pattern.compile("^(?s:" + regex + ")$");
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
            case REGEX -> pattern != null && pattern.matches(actual);
            case NOT_REGEX -> pattern != null && !pattern.matches(actual);
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
}

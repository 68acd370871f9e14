package dev.weir.series;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bounds what a regular expression would compile to, before it is compiled: counted repetition multiplies, so that a few
 * characters can stand for millions of instructions. The limits on nesting and on repeats within repeats are those of
 * Go's regexp. What costs the matcher more than an instruction counts for more.
 */
final class RegexSize {
    /** Instructions, about. */
    static final int MAX_SIZE = 20_000;

    static final int MAX_DEPTH = 1000;
    static final int MAX_REPEAT = 1000;

    /** The compiler joins neighbouring characters one by one, which is quadratic. */
    static final int MAX_LITERAL = 1_000;

    private static final long UNICODE_CLASS_SIZE = 100;

    /** The matcher goes down by one call for each choice that it may pass without a character. */
    private static final long CHOICE_SIZE = 8;

    /** Each of the matcher's threads, up to one for an instruction, remembers every group. */
    private static final long GROUP_SIZE = 50;

    private final String regex;
    private final Deque<Level> outer = new ArrayDeque<>();
    private Level level = new Level();
    private int position;
    private int literalLength;
    private boolean isUnbalanced;

    private RegexSize(String regex) {
        this.regex = regex;
    }

    /**
     * Whether a parenthesis is closed that was never opened.
     *
     * @throws PatternSyntaxException if the expression is deeper or would become larger than allowed
     */
    static boolean isUnbalanced(String regex) {
        RegexSize size = new RegexSize(regex);
        size.scan();
        return size.isUnbalanced;
    }

    private void scan() {
        while (position < regex.length()) {
            char c = regex.charAt(position++);
            int lengthBefore = literalLength;
            literalLength = 0;
            switch (c) {
                case '(' -> open();
                case ')' -> close();
                case '[' -> characterClass();
                case '\\' -> {
                    literalLength = lengthBefore;
                    escape();
                }
                case '*', '+', '?' -> level.lastSize += CHOICE_SIZE;
                case '|' -> level.atom(CHOICE_SIZE, 1);
                case '{' -> repetition();
                case '.' -> level.atom(1, 1);
                default -> {
                    literalLength = lengthBefore + 1;
                    level.atom(1, 1);
                }
            }
            if (level.total() > MAX_SIZE) {
                throw new PatternSyntaxException(
                        "expression too large, more than " + MAX_SIZE + " instructions", shortened());
            }
            if (literalLength > MAX_LITERAL) {
                throw new PatternSyntaxException(
                        "expression too large, more than " + MAX_LITERAL + " characters in a row", shortened());
            }
        }
    }

    private void open() {
        if (outer.size() >= MAX_DEPTH) {
            throw new PatternSyntaxException("expression nests too deeply", shortened());
        }
        outer.push(level);
        level = new Level();
    }

    private void close() {
        if (outer.isEmpty()) {
            isUnbalanced = true;
            return;
        }
        Level inner = level;
        inner.atom(0, 1);
        level = outer.pop();
        level.atom(inner.total() + GROUP_SIZE, inner.repeat);
    }

    private void characterClass() {
        int i = position;
        if (i < regex.length() && regex.charAt(i) == '^') {
            i++;
        }
        if (i < regex.length() && regex.charAt(i) == ']') {
            i++;
        }
        long size = 1;
        while (i < regex.length() && regex.charAt(i) != ']') {
            if (regex.charAt(i) == '\\') {
                size += i + 1 < regex.length() && isUnicodeClass(regex.charAt(i + 1)) ? UNICODE_CLASS_SIZE : 0;
                i++;
            } else if (regex.startsWith("[:", i)) {
                int end = regex.indexOf(":]", i + 2);
                i = end < 0 ? i : end + 1;
            }
            i++;
        }
        position = i + 1;
        level.atom(size, 1);
    }

    private void escape() {
        if (position >= regex.length()) {
            return;
        }
        char kind = regex.charAt(position++);
        if (kind == 'Q') {
            int end = regex.indexOf("\\E", position);
            int stop = end < 0 ? regex.length() : end;
            literalLength += stop - position;
            for (; position < stop; position++) {
                level.atom(1, 1);
            }
            position = end < 0 ? stop : end + 2;
        } else {
            literalLength++;
            level.atom(isUnicodeClass(kind) ? UNICODE_CLASS_SIZE : 1, 1);
        }
    }

    private void repetition() {
        int end = regex.indexOf('}', position);
        String bounds = end < 0 ? "" : regex.substring(position, end);
        if (!bounds.matches("[0-9]{1,6}(?:,(?:[0-9]{1,6})?)?")) {
            level.atom(1, 1);
            return;
        }
        String[] parts = bounds.split(",");
        int least = Integer.parseInt(parts[0]);
        int count = Math.max(1, parts.length > 1 ? Integer.parseInt(parts[1]) : least);
        position = end + 1;
        level.lastRepeat *= count;
        if (level.lastRepeat > MAX_REPEAT) {
            throw new PatternSyntaxException("invalid repeat count", "{" + bounds + "}");
        }
        int choices = bounds.endsWith(",") ? 1 : count - Math.min(count, least);
        level.lastSize = level.lastSize * (count + (bounds.endsWith(",") ? 1 : 0)) + choices * CHOICE_SIZE;
    }

    private static boolean isUnicodeClass(char kind) {
        return kind == 'p' || kind == 'P';
    }

    private String shortened() {
        return regex.length() <= 40 ? regex : regex.substring(0, 40) + "...";
    }

    /** What stands between two parentheses. */
    private static final class Level {
        private long size;
        private long repeat = 1;
        private long lastSize;
        private long lastRepeat = 1;

        void atom(long atomSize, long atomRepeat) {
            size += lastSize;
            repeat = Math.max(repeat, lastRepeat);
            lastSize = atomSize;
            lastRepeat = atomRepeat;
        }

        long total() {
            return size + lastSize;
        }
    }
}

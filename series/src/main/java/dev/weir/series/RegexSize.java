package dev.weir.series;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bounds what a regular expression would compile to, before it is compiled: counted repetition multiplies, so that a few
 * characters can stand for millions of instructions. The limits on nesting and on repeats within repeats are those of
 * Go's regexp.
 */
final class RegexSize {
    /** Instructions, about. */
    static final int MAX_SIZE = 100_000;

    static final int MAX_DEPTH = 1000;
    static final int MAX_REPEAT = 1000;

    private static final long UNICODE_CLASS_SIZE = 100;

    private final String regex;
    private final Deque<Level> outer = new ArrayDeque<>();
    private Level level = new Level();
    private int position;

    private RegexSize(String regex) {
        this.regex = regex;
    }

    /** @throws PatternSyntaxException if the expression is deeper or would become larger than allowed */
    static void check(String regex) {
        new RegexSize(regex).scan();
    }

    private void scan() {
        while (position < regex.length()) {
            char c = regex.charAt(position++);
            switch (c) {
                case '(' -> open();
                case ')' -> close();
                case '[' -> characterClass();
                case '\\' -> escape();
                case '*', '+', '?' -> level.lastSize++;
                case '{' -> repetition();
                default -> level.atom(1, 1);
            }
            if (level.total() > MAX_SIZE) {
                throw new PatternSyntaxException(
                        "expression too large, more than " + MAX_SIZE + " instructions", shortened());
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

    /** A parenthesis too many is left to the compiler to complain about. */
    private void close() {
        if (outer.isEmpty()) {
            return;
        }
        Level inner = level;
        inner.atom(0, 1);
        level = outer.pop();
        level.atom(inner.total() + 2, inner.repeat);
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
            for (; position < stop; position++) {
                level.atom(1, 1);
            }
            position = end < 0 ? stop : end + 2;
        } else {
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
        level.lastSize *= count + (bounds.endsWith(",") ? 1 : 0);
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

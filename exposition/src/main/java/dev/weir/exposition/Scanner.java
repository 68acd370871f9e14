package dev.weir.exposition;

import java.util.Arrays;

/** A position in a page that knows its line and column. Reads bytes; knows nothing of either format. */
final class Scanner {
    /** What {@link #peek} gives at the end of the page. */
    static final int END = -1;

    private static final int EXCERPT_BYTES = 40;

    private static final byte LETTER = 1;
    private static final byte DIGIT = 2;
    private static final byte COLON = 4;

    /** What a byte is in names without quotes; 0 if it cannot stand there. */
    private static final byte[] BYTE_KINDS = new byte[256];

    static {
        Arrays.fill(BYTE_KINDS, 'a', 'z' + 1, LETTER);
        Arrays.fill(BYTE_KINDS, 'A', 'Z' + 1, LETTER);
        Arrays.fill(BYTE_KINDS, '0', '9' + 1, DIGIT);
        BYTE_KINDS['_'] = LETTER;
        BYTE_KINDS[':'] = COLON;
    }

    /** A line and a column, the first are 1. */
    record Mark(int line, int column) {}

    final byte[] bytes;
    final int end;
    int pos;
    private int line = 1;
    private int lineStart;

    Scanner(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.end = to;
        this.pos = from;
        this.lineStart = from;
    }

    /** The next byte, unsigned, or {@link #END}. */
    int peek() {
        return pos < end ? bytes[pos] & 0xff : END;
    }

    /** Steps over blanks and tabs. */
    void skipBlanks() {
        while (pos < end && (bytes[pos] == ' ' || bytes[pos] == '\t')) {
            pos++;
        }
    }

    /** Steps over all bytes before the line feed, and returns where they end. */
    int skipToLineEnd() {
        while (pos < end && bytes[pos] != '\n') {
            pos++;
        }
        return pos;
    }

    /** Steps over all bytes before a blank, tab, or line feed, and returns where they end. */
    int skipToken() {
        while (pos < end && bytes[pos] != ' ' && bytes[pos] != '\t' && bytes[pos] != '\n') {
            pos++;
        }
        return pos;
    }

    /** Steps over the line feed at the position, and checks the length of the line that it ends. */
    void endLine() throws ExpositionException {
        checkLineLength();
        pos++;
        startLine();
    }

    /** Notes that the position is the first of a line. */
    void startLine() {
        line++;
        lineStart = pos;
    }

    void checkLineLength() throws ExpositionException {
        if (pos - lineStart > ParseLimits.MAX_LINE_BYTES) {
            throw error(
                    lineStart,
                    "line: " + (pos - lineStart) + " bytes",
                    "at most " + ParseLimits.MAX_LINE_BYTES + " bytes");
        }
    }

    /**
     * Steps over a metric name ({@code colons}) or label name, and returns whether there was one. No other characters
     * than letters, digits, underscore and colon make up a name without quotes.
     */
    boolean skipName(boolean colons) {
        int start = pos;
        int allowed = LETTER | (colons ? COLON : 0);
        while (pos < end && (BYTE_KINDS[bytes[pos] & 0xff] & allowed) != 0) {
            allowed |= DIGIT;
            pos++;
        }
        return pos > start;
    }

    /** Steps over a metric name if it is the one that stands from {@code from} to {@code to}. */
    boolean skipSameName(int from, int to) {
        int next = pos + to - from;
        if (to == from
                || next >= end
                || BYTE_KINDS[bytes[next] & 0xff] != 0
                || !Arrays.equals(bytes, from, to, bytes, pos, next)) {
            return false;
        }
        pos = next;
        return true;
    }

    /** Steps over what stands before the next quote, backslash or line feed, and returns which it is. */
    int skipToQuoteEscapeOrLineEnd() {
        int at = pos;
        byte b = 0;
        while (at < end) {
            b = bytes[at];
            if (b == '"' || b == '\\' || b == '\n') {
                break;
            }
            at++;
        }
        pos = at;
        return at < end ? b : END;
    }

    /** Whether the bytes at the position are {@code text}. */
    boolean startsWith(String text) {
        if (end - pos < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[pos + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** An error that shows what stands at {@code at}. */
    ExpositionException unexpected(int at, String what, String expected) {
        return error(at, what + ": " + excerpt(at, end), expected);
    }

    /** An error that shows what stands from {@code from} to {@code to}. */
    ExpositionException unexpected(int from, int to, String what, String expected) {
        return error(from, what + ": " + excerpt(from, to), expected);
    }

    ExpositionException error(int at, String problem, String expected) {
        return error(mark(at), problem, expected);
    }

    /** The place of {@code at}, which stands on the current line, for errors found later. */
    Mark mark(int at) {
        return new Mark(line, Math.max(0, at - lineStart) + 1);
    }

    static ExpositionException error(Mark at, String problem, String expected) {
        return new ExpositionException(at.line(), at.column(), problem + " (expected: " + expected + ")");
    }

    private String excerpt(int from, int to) {
        if (from >= end) {
            return "end of page";
        }
        StringBuilder text = new StringBuilder("\"");
        int i = from;
        int last = Math.min(to, from + EXCERPT_BYTES);
        for (; i < last && bytes[i] != '\n'; i++) {
            int b = bytes[i] & 0xff;
            if (b < 0x20 || b > 0x7e) {
                text.append(String.format("\\x%02x", b));
            } else {
                text.append((char) b);
            }
        }
        if (i == from && from < to && bytes[i] == '\n') {
            return "end of line";
        }
        return text.append(i == last && last < to ? "...\"" : "\"").toString();
    }
}

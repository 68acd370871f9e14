package dev.weir.exposition;

import dev.weir.series.Labels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads names, quoted strings and label blocks, in both formats. */
final class LabelBlockReader {
    private final Scanner in;
    private final StringTable strings;
    private final LabelBlockTable known;
    private final boolean text;
    private final boolean strict;

    private String[] pairs = new String[16];
    private int pairsSize;
    private @Nullable String quotedName;
    private String lastName = "";
    private int lastNameFrom;
    private int lastNameTo;

    LabelBlockReader(Scanner in, StringTable strings, ExpositionFormat format, ParseMode mode) {
        this.in = in;
        this.strings = strings;
        this.known = new LabelBlockTable(in.bytes);
        this.text = format == ExpositionFormat.TEXT_0_0_4;
        this.strict = mode == ParseMode.STRICT;
    }

    /** Reads a metric name, in quotes or not. */
    String readMetricName(String what) throws ExpositionException {
        if (in.peek() == '"') {
            String name = readQuotedName(what);
            if (name.isEmpty()) {
                throw in.unexpected(in.pos, what, "a name of at least one character");
            }
            return name;
        }
        int start = in.pos;
        if (in.skipSameName(lastNameFrom, lastNameTo)) {
            return lastName;
        }
        if (!in.skipName(true)) {
            throw in.unexpected(start, what, "a letter, _ or :");
        }
        checkStringLength(start, what);
        lastName = internAscii(start, in.pos);
        lastNameFrom = start;
        lastNameTo = in.pos;
        return lastName;
    }

    /** Reads the block that begins at the position, braces included. */
    LabelBlock readBlock() throws ExpositionException {
        int start = in.pos;
        int blockEnd = findBlockEnd(start);
        if (blockEnd < 0) {
            return parseBlock();
        }
        int hash = ByteHash.of(in.bytes, start, blockEnd);
        LabelBlock block = known.get(hash, start, blockEnd);
        if (block != null) {
            in.pos = blockEnd;
            return block;
        }
        block = parseBlock();
        if (in.pos == blockEnd) {
            known.put(hash, start, blockEnd, block);
        }
        return block;
    }

    private String readQuotedName(String what) throws ExpositionException {
        int open = in.pos;
        String name = readQuoted(what, false);
        if (strict && hasUnknownEscape(open + 1, in.pos - 1)) {
            throw in.unexpected(open, in.pos, what, "no escapes but \\\\, \\\" and \\n");
        }
        return name;
    }

    private boolean hasUnknownEscape(int from, int to) {
        for (int i = from; i < to; i++) {
            if (in.bytes[i] == '\\') {
                i++;
                if (in.bytes[i] != '\\' && in.bytes[i] != '"' && in.bytes[i] != 'n') {
                    return true;
                }
            }
        }
        return false;
    }

    /** Reads a quoted string, and unescapes it. */
    private String readQuoted(String what, boolean mayHoldLineFeeds) throws ExpositionException {
        int open = in.pos++;
        boolean escaped = false;
        while (true) {
            int c = in.skipToQuoteEscapeOrLineEnd();
            checkStringLength(open, what);
            if (c == '"') {
                break;
            }
            if (c == Scanner.END || (c == '\n' && !mayHoldLineFeeds)) {
                throw in.unexpected(open, what, "a closing quote on the same line");
            }
            in.pos++;
            if (c == '\n') {
                in.startLine();
                continue;
            }
            escaped = true;
            if (in.peek() == Scanner.END || in.peek() == '\n') {
                throw in.unexpected(open, what, "a character after the backslash");
            }
            in.pos++;
        }
        String value = strings.intern(open + 1, in.pos);
        if (value == null) {
            throw in.unexpected(open, in.pos + 1, what, "valid UTF-8");
        }
        in.pos++;
        return escaped ? unescape(value) : value;
    }

    private LabelBlock parseBlock() throws ExpositionException {
        pairsSize = 0;
        quotedName = null;
        int open = in.pos++;
        skipBlanks();
        if (text && in.peek() == ',') {
            skipLoneComma();
        }
        while (in.peek() != '}') {
            readEntry(open);
            skipBlanks();
            if (in.peek() == ',') {
                in.pos++;
                if (!text && (quotedName != null || !strict) && in.peek() == ' ') {
                    in.pos++; // Written so by client libraries once names are quoted, though not in the grammar.
                }
                skipBlanks();
                if (in.peek() == '}' && strict && !text) {
                    throw in.unexpected(in.pos - 1, in.pos + 1, "label set", "no comma before the closing brace");
                }
            } else if (in.peek() != '}') {
                throw in.unexpected(in.pos, "label set", "a comma or closing brace after a label");
            }
        }
        in.pos++;
        return new LabelBlock(quotedName, sortedLabels(open));
    }

    /** Some text pages write no labels as a comma in braces. */
    private void skipLoneComma() throws ExpositionException {
        int comma = in.pos++;
        in.skipBlanks();
        if (in.peek() != '}') {
            throw in.unexpected(comma, "label name", "a letter or _, or a name in quotes");
        }
    }

    private void readEntry(int open) throws ExpositionException {
        int at = in.pos;
        String name;
        if (in.peek() == '"') {
            name = readQuotedName("name");
            skipBlanks();
            if (in.peek() != '=') {
                if (quotedName != null) {
                    throw in.unexpected(at, in.pos, "metric name", "one metric name; = after a label name");
                }
                if (name.isEmpty()) {
                    throw in.unexpected(at, in.pos, "metric name", "a name of at least one character");
                }
                quotedName = name;
                return;
            }
        } else {
            if (!in.skipName(false)) {
                throw in.unexpected(at, "label name", "a letter or _, or a name in quotes");
            }
            checkStringLength(at, "label name");
            name = internAscii(at, in.pos);
            skipBlanks();
        }
        if (in.peek() != '=') {
            throw in.unexpected(in.pos, "label " + name, "=");
        }
        in.pos++;
        skipBlanks();
        if (in.peek() != '"') {
            throw in.unexpected(in.pos, "value of label " + name, "a quoted string");
        }
        if (name.equals(Labels.METRIC_NAME) || name.isEmpty()) {
            throw in.unexpected(at, in.pos, "label name", "a name other than __name__, of at least one character");
        }
        addPair(open, name, readQuoted("label value", text && !strict));
    }

    private void addPair(int open, String name, String value) throws ExpositionException {
        if (pairsSize == 2 * ParseLimits.MAX_LABELS) {
            throw in.unexpected(open, "label set", "at most " + ParseLimits.MAX_LABELS + " labels");
        }
        if (pairsSize == pairs.length) {
            pairs = Arrays.copyOf(pairs, pairs.length * 2);
        }
        pairs[pairsSize++] = name;
        pairs[pairsSize++] = value;
    }

    private Labels sortedLabels(int open) throws ExpositionException {
        if (pairsSize == 0) {
            return Labels.EMPTY;
        }
        for (int i = 2; i < pairsSize; i += 2) {
            String name = pairs[i];
            String value = pairs[i + 1];
            int j = i;
            for (; j > 0 && Labels.BYTE_ORDER.compare(pairs[j - 2], name) > 0; j -= 2) {
                pairs[j] = pairs[j - 2];
                pairs[j + 1] = pairs[j - 1];
            }
            pairs[j] = name;
            pairs[j + 1] = value;
        }
        for (int i = 2; i < pairsSize; i += 2) {
            if (pairs[i].equals(pairs[i - 2])) {
                throw in.error(open, "label set: two labels " + pairs[i], "each label once");
            }
        }
        return Labels.of(Arrays.copyOf(pairs, pairsSize));
    }

    private void skipBlanks() {
        if (text) {
            in.skipBlanks();
        }
    }

    private void checkStringLength(int from, String what) throws ExpositionException {
        if (in.pos - from > ParseLimits.MAX_STRING_BYTES) {
            throw in.unexpected(from, what, "at most " + ParseLimits.MAX_STRING_BYTES + " bytes");
        }
    }

    private String internAscii(int from, int to) {
        String name = strings.intern(from, to);
        if (name == null) {
            throw new IllegalStateException("name bytes are ASCII");
        }
        return name;
    }

    /** Behind the brace that closes the block, or -1 if it is not closed on its line. */
    private int findBlockEnd(int open) {
        byte[] bytes = in.bytes;
        boolean quoted = false;
        for (int i = open + 1; i < in.end; i++) {
            byte b = bytes[i];
            if (b == '"') {
                quoted = !quoted;
            } else if (b == '\\') {
                i++;
            } else if (b == '}' && !quoted) {
                return i + 1;
            } else if (b == '\n') {
                return -1;
            }
        }
        return -1;
    }

    /** Undoes {@code \\}, {@code \"} and {@code \n}; any other backslash stands for itself, as in Prometheus. */
    static String unescape(String escaped) {
        StringBuilder plain = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            char next = i + 1 < escaped.length() ? escaped.charAt(i + 1) : 0;
            if (c == '\\' && (next == '\\' || next == '"' || next == 'n')) {
                plain.append(next == 'n' ? '\n' : next);
                i++;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}

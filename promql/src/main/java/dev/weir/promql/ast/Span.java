package dev.weir.promql.ast;

/** A part of a query's text, in characters: from {@code start} to before {@code end}. */
public record Span(int start, int end) {
    public Span to(Span last) {
        return new Span(start, last.end);
    }

    /** Line and column of the start, both from 1, columns in UTF-8 bytes, as {@code 1:4}. */
    public String position(String query) {
        if (query.isEmpty()) {
            return "unknown position";
        }
        if (start < 0 || start > query.length()) {
            return "invalid position";
        }
        int line = 1;
        int column = 1;
        for (int i = 0; i < start; i++) {
            char c = query.charAt(i);
            if (c == '\n') {
                line++;
                column = 1;
            } else if (c < 0x80) {
                column++;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                column += 2;
            } else {
                column += 3;
            }
        }
        return line + ":" + column;
    }
}

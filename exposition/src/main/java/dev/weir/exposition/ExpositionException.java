package dev.weir.exposition;

/**
 * A {@code /metrics} page that cannot be read. The message names line and column (in protobuf the byte and the family),
 * offender and expectation.
 */
public final class ExpositionException extends Exception {
    private static final long serialVersionUID = 1;

    private final int line;
    private final int column;

    ExpositionException(int line, int column, String problem) {
        this(line + ":" + column + ": " + problem, line, column);
    }

    private ExpositionException(String message, int line, int column) {
        super(message);
        this.line = line;
        this.column = column;
    }

    /** An error at a byte of a page that has no lines; the first byte is 0. */
    static ExpositionException atByte(int position, String problem) {
        return new ExpositionException("byte " + position + ": " + problem, 1, position + 1);
    }

    /** A page that says itself that it is in no format that can be read. */
    static ExpositionException ofContentType(String problem) {
        return new ExpositionException(problem, 1, 1);
    }

    /** The line of the offender, the first is 1; 1 where there are no lines. */
    public int line() {
        return line;
    }

    /** The column of the offender in bytes, the first is 1. */
    public int column() {
        return column;
    }
}

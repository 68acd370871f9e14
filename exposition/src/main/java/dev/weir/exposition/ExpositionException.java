package dev.weir.exposition;

/** A {@code /metrics} page that cannot be read. The message names line, column, offender and expectation. */
public final class ExpositionException extends Exception {
    private static final long serialVersionUID = 1;

    private final int line;
    private final int column;

    ExpositionException(int line, int column, String problem) {
        super(line + ":" + column + ": " + problem);
        this.line = line;
        this.column = column;
    }

    /** The line of the offender, the first is 1. */
    public int line() {
        return line;
    }

    /** The column of the offender in bytes, the first is 1. */
    public int column() {
        return column;
    }
}

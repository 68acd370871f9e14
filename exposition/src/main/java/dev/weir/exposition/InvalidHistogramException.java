package dev.weir.exposition;

/** A native histogram that contradicts itself. */
final class InvalidHistogramException extends Exception {
    private static final long serialVersionUID = 1;

    private final String problem;
    private final String expected;

    InvalidHistogramException(String problem, String expected) {
        super(problem + " (expected: " + expected + ")");
        this.problem = problem;
        this.expected = expected;
    }

    String problem() {
        return problem;
    }

    String expected() {
        return expected;
    }
}

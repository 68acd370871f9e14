package dev.weir.exposition;

/** A page that was read, but holds a metric that a typed snapshot has no type for. The message names it. */
public final class SnapshotException extends Exception {
    private static final long serialVersionUID = 1;

    SnapshotException(String problem, String expected) {
        super(problem + " (expected: " + expected + ")");
    }
}

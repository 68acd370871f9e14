package dev.weir.queryserver.encoding;

/** Bytes that are no {@link ColdChunk}: says what was found and what expected. */
public final class DamagedChunkException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DamagedChunkException(String what, long found, String expected) {
        super("cold chunk: " + what + ": " + found + " (expected: " + expected + ")");
    }
}

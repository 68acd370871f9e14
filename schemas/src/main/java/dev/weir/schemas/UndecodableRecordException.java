package dev.weir.schemas;

/** A record that no known schema reads; the message names what was found and what was expected. */
public final class UndecodableRecordException extends Exception {
    public UndecodableRecordException(String message) {
        super(message);
    }

    public UndecodableRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}

package dev.weir.producer;

/** At least one event is not known to be written; the cause is what happened to the first of them. */
public final class ProduceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ProduceException(String message, Exception cause) {
        super(message, cause);
    }
}

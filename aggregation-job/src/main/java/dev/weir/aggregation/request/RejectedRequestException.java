package dev.weir.aggregation.request;

/** An event that is none, although it could be decoded: the field, its value and what was expected. */
public final class RejectedRequestException extends Exception {
    private static final long serialVersionUID = 1;

    RejectedRequestException(String message) {
        super("RequestEvent: " + message);
    }
}

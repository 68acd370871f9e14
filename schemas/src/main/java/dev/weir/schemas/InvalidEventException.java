package dev.weir.schemas;

/** An event whose values cannot be true: the field, its value and what was expected. */
public final class InvalidEventException extends Exception {
    private static final long serialVersionUID = 1;

    InvalidEventException(String message) {
        super(message);
    }
}

package dev.weir.standalone.command;

/** What the user gave cannot be used; the message is one line that says what, and what was expected. */
final class BadInputException extends RuntimeException {
    BadInputException(String message) {
        super(message);
    }

    BadInputException(String message, Throwable cause) {
        super(message, cause);
    }
}

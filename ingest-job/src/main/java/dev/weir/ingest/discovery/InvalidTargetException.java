package dev.weir.ingest.discovery;

/** A discovered address that cannot be scraped; the message names what is wrong with it and what was expected. */
final class InvalidTargetException extends Exception {
    InvalidTargetException(String message) {
        super(message);
    }
}

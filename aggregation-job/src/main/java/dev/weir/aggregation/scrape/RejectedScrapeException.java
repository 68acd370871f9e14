package dev.weir.aggregation.scrape;

/** A body that counts as a failed scrape; the message names what was found and what was expected. */
final class RejectedScrapeException extends Exception {
    RejectedScrapeException(String message) {
        super(message);
    }

    RejectedScrapeException(String message, Throwable cause) {
        super(message, cause);
    }
}

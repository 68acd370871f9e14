package dev.weir.exposition;

/** How much a parser forgives. */
public enum ParseMode {
    /**
     * For scraping: takes all that Prometheus takes, and a little more, because a lost scrape is worse than a HELP
     * line out of order.
     */
    LENIENT,
    /** Rejects what the text format's description or the OpenMetrics specification rejects. */
    STRICT
}

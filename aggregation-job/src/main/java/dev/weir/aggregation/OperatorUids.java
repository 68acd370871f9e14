package dev.weir.aggregation;

/** Names by which a restored job finds its operators' state; never reused, never changed. */
final class OperatorUids {
    static final String SCRAPES = "scrapes";
    static final String ROUTER = "event-router";
    static final String TARGETS = "target-increments";
    static final String LANES = "lane-windows";
    static final String SERIES = "series-sink";
    static final String DEAD_LETTERS = "dead-letter-sink";

    static final String REQUESTS = "requests";
    static final String REQUEST_ROUTER = "request-router";
    static final String DEDUPLICATION = "request-deduplication";

    private OperatorUids() {}
}

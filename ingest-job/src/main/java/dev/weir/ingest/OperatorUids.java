package dev.weir.ingest;

/** Names that tie state to operators. Never changed, never used again for something else. */
final class OperatorUids {
    static final String SCRAPES = "ingest-scrapes";
    static final String TICKS = "ingest-ticks";
    static final String TOPIC = "ingest-topic";

    private OperatorUids() {}
}

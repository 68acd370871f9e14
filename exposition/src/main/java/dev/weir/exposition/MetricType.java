package dev.weir.exposition;

/** A family's type, as its TYPE line says it. A family without TYPE line is {@link #UNKNOWN}. */
public enum MetricType {
    COUNTER("counter"),
    GAUGE("gauge"),
    HISTOGRAM("histogram"),
    GAUGE_HISTOGRAM("gaugehistogram"),
    SUMMARY("summary"),
    INFO("info"),
    STATESET("stateset"),
    /** Written {@code unknown} in OpenMetrics and {@code untyped} in text. */
    UNKNOWN("unknown");

    private final String word;

    MetricType(String word) {
        this.word = word;
    }

    /** As OpenMetrics writes it. */
    public String word() {
        return word;
    }
}

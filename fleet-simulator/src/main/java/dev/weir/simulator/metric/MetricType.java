package dev.weir.simulator.metric;

/** A family's type as its TYPE line names it. */
public enum MetricType {
    COUNTER("counter"),
    GAUGE("gauge"),
    HISTOGRAM("histogram"),
    SUMMARY("summary");

    private final String text;

    MetricType(String text) {
        this.text = text;
    }

    /** The word on the TYPE line. */
    public String text() {
        return text;
    }

    /** Whether values of this type add up over processes and time. */
    public boolean cumulative() {
        return this != GAUGE;
    }
}

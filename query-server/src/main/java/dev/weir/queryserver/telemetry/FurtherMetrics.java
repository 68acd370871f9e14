package dev.weir.queryserver.telemetry;

/** Metrics of what runs beside the server, told through it. Thread-safe. */
@FunctionalInterface
public interface FurtherMetrics {
    FurtherMetrics NONE = () -> "";

    /** In the text format 0.0.4, of families that the server has not; "" if there is nothing to tell now. */
    String text();
}

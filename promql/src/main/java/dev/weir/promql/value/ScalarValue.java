package dev.weir.promql.value;

/** One number. */
public record ScalarValue(long timestampMs, double value) implements Value {}
